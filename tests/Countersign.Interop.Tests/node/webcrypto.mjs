// Node 18, which Debian 12 has, keeps the Web Cryptography API in a module; the libraries look for the global that newer versions have.
import { webcrypto } from 'node:crypto'

globalThis.crypto ??= webcrypto
