#!/usr/bin/env bash
# Makes the Python environment that the bench compares with: bench/.venv with PyTorch and JAX for the CPU. Run it again: seconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

python="${PYTHON:-python3}"
command -v "$python" >/dev/null || { echo "bench/setup.sh: $python is not on the PATH; name one with PYTHON=…" >&2; exit 1; }
[ -x .venv/bin/python ] || "$python" -m venv .venv
# A build of PyTorch for the CPU alone counts as the same version, and pip prefers it where an index has one.
.venv/bin/python -m pip install --quiet 'torch==2.13.0' numpy jax jaxlib
.venv/bin/python -c 'import torch, jax; print("PyTorch", torch.__version__, "and JAX", jax.__version__, "are ready")'
