"""The original's own libraries, for tests that ask whether ours and theirs understand each other.

Reads one JSON object from standard input, {"operations": [{"do": name, ...}, ...]}, and writes one
JSON array of results, each {"value": ...} or {"error": the name of the exception}.
"""

import json
import sys

import bcrypt
import jwt
from jose import jwt as jose_jwt
from passlib.context import CryptContext
from passlib.hash import bcrypt as passlib_bcrypt
from passlib.hash import bcrypt_sha256, django_pbkdf2_sha256, pbkdf2_sha256

# As the specification builds it.
context = CryptContext(schemes=["bcrypt"], deprecated="auto")

schemes = {
    "bcrypt": passlib_bcrypt.using(rounds=10),
    "bcrypt-2a": passlib_bcrypt.using(rounds=10, ident="2a"),
    "bcrypt-2y": passlib_bcrypt.using(rounds=10, ident="2y"),
    "bcrypt_sha256": bcrypt_sha256.using(rounds=10),
    "bcrypt_sha256-v1": bcrypt_sha256.using(rounds=10, version=1),
    "pbkdf2_sha256": pbkdf2_sha256.using(rounds=29000),
    "django_pbkdf2_sha256": django_pbkdf2_sha256.using(rounds=29000),
}


def expected_audience(o):
    return {"audience": o["audience"]} if o.get("audience") else {}


operations = {
    "jose-encode": lambda o: jose_jwt.encode(o["claims"], o["secret"], algorithm=o.get("algorithm", "HS256")),
    "jose-decode": lambda o: jose_jwt.decode(o["token"], o["secret"], algorithms=["HS256"], **expected_audience(o)),
    "pyjwt-encode": lambda o: jwt.encode(o["claims"], o["secret"], algorithm=o.get("algorithm", "HS256")),
    "pyjwt-decode": lambda o: jwt.decode(o["token"], o["secret"], algorithms=["HS256"], **expected_audience(o)),
    "context-hash": lambda o: context.hash(o["password"]),
    "context-verify": lambda o: context.verify(o["password"], o["hash"]),
    "context-needs-update": lambda o: context.needs_update(o["hash"]),
    "passlib-hash": lambda o: schemes[o["scheme"]].hash(o["password"]),
    "passlib-verify": lambda o: schemes[o["scheme"]].verify(o["password"], o["hash"]),
    "bcrypt-hash": lambda o: bcrypt.hashpw(o["password"].encode(), bcrypt.gensalt(10)).decode(),
    "bcrypt-verify": lambda o: bcrypt.checkpw(o["password"].encode(), o["hash"].encode()),
}


def run(operation):
    try:
        return {"value": operations[operation["do"]](operation)}
    except Exception as exception:  # what a library throws is its answer
        return {"error": type(exception).__name__}


json.dump([run(operation) for operation in json.load(sys.stdin)["operations"]], sys.stdout)
