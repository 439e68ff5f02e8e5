"""Gets the processor's bf16 products to work before torch is loaded: import this first.

On processors with AMX a bf16 product is many times quicker than without. Some virtual machines offer AMX but hide two leaves
of CPUID, and the first such product kills the process. Then amx-leaf.c is compiled and loaded, or, without a compiler, AMX is left alone.
"""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

TRIAL = "import torch; x = torch.ones(64, 64, dtype=torch.bfloat16); torch.nn.functional.linear(x, x)"
WITHOUT_AMX = {"ONEDNN_MAX_CPU_ISA": "AVX512_CORE_FP16"}


def has_amx() -> bool:
    information = Path("/proc/cpuinfo")
    return information.exists() and "amx_tile" in information.read_text().split()


def compiled(folder: Path) -> Path | None:
    library = folder / "amx-leaf.so"
    source = Path(__file__).with_name("amx-leaf.c")
    command = [os.environ.get("CC", "cc"), "-O1", "-shared", "-fPIC", str(source), "-o", str(library)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return library


def prepare() -> str:
    """What was done, in words, for the log."""
    if "torch" in sys.modules:
        raise RuntimeError("processor.prepare() comes before torch is imported")
    if not has_amx():
        return "no AMX"
    trial = subprocess.run([sys.executable, "-c", TRIAL], capture_output=True)
    if trial.returncode == 0:
        return "AMX"
    if trial.returncode != -signal.SIGILL:
        return "AMX not tried: " + trial.stderr.decode(errors="replace")[-200:]
    library = compiled(Path(tempfile.mkdtemp()))
    if library is None:
        os.environ.update(WITHOUT_AMX)
        return "AMX left alone: its CPUID leaves are hidden here, and there is no C compiler"
    ctypes.CDLL(str(library))
    return "AMX, its hidden CPUID leaves answered by amx-leaf.c"
