"""The L2 attack of adversarial-library, alone. Importing the package as a whole asks for torchvision,
whose binary must fit that of PyTorch, and for visdom, which only draws; the attack uses neither."""

import importlib.util
import sys
import types
from pathlib import Path

import adv_lib

sys.modules["visdom"] = types.ModuleType("visdom")
file = Path(adv_lib.__file__).parent / "attacks" / "carlini_wagner" / "l2.py"
spec = importlib.util.spec_from_file_location("adv_lib_l2", file)
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
carlini_wagner_l2 = module.carlini_wagner_l2
