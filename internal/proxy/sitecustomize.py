# Found by Python before a program starts, under `glencheck run` (PYTHONPATH). The
# official plaid-python and other libraries with connections of their own know no
# HTTPS_PROXY: what they look up at one of the names below is Glencheck instead.
# Everything else stays as it was. Names in certificates are checked as ever,
# against the bundle in SSL_CERT_FILE.
import socket
import sys

_NAMES = frozenset(__NAMES__)
_TO = __DIRECT__
_getaddrinfo = socket.getaddrinfo


def _turned(host, port, *args, **kwargs):
    name = host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else host
    if isinstance(name, str) and name.lower().rstrip(".") in _NAMES and str(port) in ("443", "https"):
        return _getaddrinfo(_TO["host"], _TO["port"], 0, *args[1:], **{k: v for k, v in kwargs.items() if k != "family"})
    return _getaddrinfo(host, port, *args, **kwargs)


socket.getaddrinfo = _turned


# Another sitecustomize that this one hides still has its turn.
def _next():
    import importlib.machinery
    import importlib.util
    import os

    here = os.path.dirname(os.path.abspath(__file__))
    rest = [p for p in sys.path if os.path.abspath(p or os.curdir) != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", rest)
    if spec is not None and spec.loader is not None:
        module = importlib.util.module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


_next()
