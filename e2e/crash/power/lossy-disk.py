# A disk as nbdkit serves it: what is written stays in memory, by sectors, until somebody flushes. Who
# kills this process cuts its power: what was not flushed is gone. As a real disk does, it also writes a
# sector back now and then in no order that anybody asked for.

import os
import random

import nbdkit

API_VERSION = 2
SECTOR = 512
WRITE_BACK_CHANCE = 0.02

settings = {}
unflushed = {}
stable = None
chance = None


def config(key, value):
    settings[key] = value


def config_complete():
    for key in ("file", "size", "seed"):
        if key not in settings:
            raise RuntimeError(key + " is needed")


def get_ready():
    global stable, chance
    stable = os.open(settings["file"], os.O_RDWR | os.O_CREAT, 0o600)
    os.ftruncate(stable, int(settings["size"]))
    chance = random.Random(int(settings["seed"]))


def open(readonly):
    return 1


def get_size(handle):
    return int(settings["size"])


def can_flush(handle):
    return True


def can_fua(handle):
    return nbdkit.FUA_NATIVE


def is_rotational(handle):
    return False


def block_size(handle):
    return (SECTOR, 4096, 0xFFFFFFFF)


def pread(handle, buf, offset, flags):
    view = memoryview(buf)
    data = os.pread(stable, len(buf), offset)
    view[: len(data)] = data
    if not unflushed:
        return
    first = offset // SECTOR
    for index in range(len(buf) // SECTOR):
        sector = unflushed.get(first + index)
        if sector is not None:
            view[index * SECTOR : (index + 1) * SECTOR] = sector


def pwrite(handle, buf, offset, flags):
    if offset % SECTOR or len(buf) % SECTOR:
        raise RuntimeError("writes are of whole sectors")
    view = memoryview(buf)
    first = offset // SECTOR
    count = len(buf) // SECTOR
    for index in range(count):
        unflushed[first + index] = bytes(view[index * SECTOR : (index + 1) * SECTOR])
    if flags & nbdkit.FLAG_FUA:
        for index in range(count):
            write_back(first + index)
    elif chance.random() < WRITE_BACK_CHANCE:
        write_back(first + chance.randrange(count))


def write_back(sector):
    os.pwrite(stable, unflushed.pop(sector), sector * SECTOR)


def flush(handle, flags):
    for sector in sorted(unflushed):
        os.pwrite(stable, unflushed[sector], sector * SECTOR)
    unflushed.clear()
