import { expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { fillTemplate } from '../../../src/press/render/template.js';

it('fills every slot once and reads nothing in what it filled in', () => {
  expect(fillTemplate('t', '<b>{{a}}</b>{{b}}{{a}}', { a: '{{b}} $&', b: '2' })).toBe(
    '<b>{{b}} $&</b>2{{b}} $&',
  );
});

it('refuses a slot without value and a value without slot', () => {
  expect(() => fillTemplate('t', '{{a}}{{b}}', { a: '' })).toThrow(UserError);
  expect(() => fillTemplate('t', '{{a}}{{b}}', { a: '' })).toThrow(/no value for \{\{b\}\}/);
  expect(() => fillTemplate('t', '{{a}}', { a: '', b: '' })).toThrow(/no place for \{\{b\}\}/);
});
