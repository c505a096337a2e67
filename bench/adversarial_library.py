"""Two attacks of adversarial-library, alone. Importing the package as a whole asks for torchvision, whose
binary must fit that of PyTorch, and for visdom, which only draws; the attacks use neither."""

import importlib.util
import sys
import types
from pathlib import Path

import adv_lib

sys.modules["visdom"] = types.ModuleType("visdom")
PACKAGE = Path(adv_lib.__file__).parent


def module(name, file):
    spec = importlib.util.spec_from_file_location(name, PACKAGE / file)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


carlini_wagner_l2 = module("adv_lib_l2", "attacks/carlini_wagner/l2.py").carlini_wagner_l2
deep_fool = module("adv_lib_deepfool", "attacks/deepfool.py").df
