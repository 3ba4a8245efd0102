"""Finds the answer to one question in what came, on Modbus TCP and RTU as devices really speak it.

The framers of pymodbus 3.16 are put aside for it. They drop an answer whose number or unit is not
the question's, wait for a byte that a header promises and nobody sends, throw away all that was
heard with the first wrong check sum, and take a value whose byte count does not fit its frame.
They must, as they do not know the question. Here it is known: one is under way at a time, so its
answer can be told by function, byte count and unit, wherever it stands.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from pymodbus.exceptions import ModbusIOException
from pymodbus.framer.rtu import FramerRTU
from pymodbus.framer.socket import FramerSocket
from pymodbus.pdu import DecodePDU, ModbusPDU

ANY_UNIT = (0, 255)
"""Of a device that is addressed by its host alone (Modbus Messaging on TCP/IP V1.0b, 4.4.2.2)."""
FIRST_NUMBER = 0x2000
"""Our questions are numbered from here on, far from what devices count by themselves."""
_MOST_UNREAD = 4096
_LONGEST = 260
"""Of a frame (Modbus Messaging on TCP/IP V1.0b, 4.1)."""
_HEAD = struct.Struct(">HHHBBB")
_BITS = (1, 2)
_READS = (1, 2, 3, 4)
_REFUSES = 0x80


class WrongAnswer(ModbusIOException):
    """A whole frame that answers something else; ``frame`` is what it was."""

    def __init__(self, frame: bytes) -> None:
        super().__init__("the answer is to another question")
        self.frame = frame


class _Question(NamedTuple):
    """The question under way; ``size`` are the bytes of values that were asked for."""

    unit: int = -1
    code: int = 0
    size: int = 0
    number: int = 0
    swapped: int = 0

    def length(self, code: int, size: int) -> int:
        """Of an answer from its unit on, by function and byte count; 0 where it is none."""
        if code == self.code:
            return 3 + size if size == self.size else 0
        return 3 if code == self.code | _REFUSES else 0


def _of(request: ModbusPDU) -> _Question:
    count, number = request.count, request.transaction_id
    size = (count + 7) // 8 if request.function_code in _BITS else 2 * count
    swapped = (number & 0xFF) << 8 | number >> 8
    return _Question(request.dev_id, request.function_code, size, number, swapped)


class TcpFramer(FramerSocket):
    """Frames with a header that bears number, length and unit, each of which may be wrong.

    A number is right that is the question's, also with its two bytes swapped. Who never numbered
    an answer rightly on this connection may answer as number 0, and under one number always, which
    is learnt when it came alone and a whole time-out long; or under any where numbers are
    ``ignored``: all that while only one question is under way. Whatever stands before the answer,
    it is found.
    """

    alone = True
    """Whether every question before on this connection was answered."""
    wrong = b""
    """The first frame that came to the present question and was not its answer."""
    _first = FIRST_NUMBER
    _proper = False
    _constant = 0
    _odd: int | None = None
    _question = _Question()
    _sent = b""

    def __init__(self, decoder: DecodePDU, *, ignored: bool) -> None:
        super().__init__(decoder)
        self._ignored = ignored

    def begin(self) -> None:
        """There is a new connection: nothing is under way on it."""
        self.alone, self._proper = True, False
        self._first = FIRST_NUMBER + 1

    def learn(self) -> None:
        """The question's time is over. What came under another number was its answer, if it was
        the only one; the next that bears the same is taken.
        """
        if self._odd is not None and self.alone and not self._proper:
            self._constant = self._odd

    def buildFrame(self, message: ModbusPDU) -> bytes:  # noqa: N802  pymodbus calls it
        """The bytes of a question, which is under way from now on."""
        self._question, self.wrong, self._odd = _of(message), b"", None
        self._sent = bytes(super().buildFrame(message))
        return self._sent

    def handleFrame(  # noqa: N802  likewise
        self, data: bytes, exp_devid: int, exp_tid: int
    ) -> tuple[int, ModbusPDU | None]:
        """The answer, as pymodbus decodes it; None while it has not come.

        Raises:
            WrongAnswer: the question's own number, and another content.
        """
        at, last = 0, len(data) - _HEAD.size
        while at <= last:
            if data.startswith(self._sent, at):
                at += len(self._sent)  # an echo
                continue
            end = self._end(data, at)
            if end > 0:
                pdu = self.decoder.decode(data[at + 7 : end]) if end <= len(data) else None
                if pdu is None:
                    return 0, None
                pdu.dev_id, pdu.transaction_id = exp_devid, exp_tid
                return len(data), pdu
            at -= end
        return max(len(data) - _LONGEST, 0) if len(data) > _MOST_UNREAD else 0, None

    def _end(self, data: bytes, at: int) -> int:
        """Where an answer that stands here ends; or, below zero, how much of it is passed over."""
        number, protocol, length, unit, code, size = _HEAD.unpack_from(data, at)
        if protocol or not 2 <= length <= _LONGEST:
            return -1
        question = self._question
        right, stale = number in (question.number, question.swapped), self._stale(number)
        wanted, whole = question.length(code, size), at + 6 + length
        if wanted and (unit == question.unit or unit in ANY_UNIT or question.unit in ANY_UNIT):
            end = at + 6 + wanted
            # A header may promise a byte too many; where that byte is there, the count is wrong.
            promised = length == wanted + 1 and len(data) <= end
            if length in (wanted - 1, wanted) or (promised and not self._echoes(data, at)):
                if right or self._bears_own(number):
                    self._proper |= number == question.number
                    return end
                self._odd = None if stale or self._odd is not None else number
        if len(data) < whole or not (code in _READS or code & _REFUSES):
            return -1
        self.wrong = self.wrong or data[at:whole]
        if right:
            raise WrongAnswer(data[at:whole])
        return at - whole if stale else -1

    def _bears_own(self, number: int) -> bool:
        """Whether it is a number under which this device answers, and nobody else can."""
        if not self.alone or self._proper:
            return False
        return self._ignored or number in (0, self._constant)

    def _stale(self, number: int) -> bool:
        """Whether a question before on this connection bore it."""
        before = (self._question.number - self._first) % 0x10000
        return 0 < (self._question.number - number) % 0x10000 <= before

    def _echoes(self, data: bytes, at: int) -> bool:
        return self._sent.startswith(data[at:])


class RtuFramer(FramerRTU):
    """Frames that bear no number, guarded by a check sum; others may speak on the line before."""

    _question = _Question()

    def buildFrame(self, message: ModbusPDU) -> bytes:  # noqa: N802  pymodbus calls it
        """The bytes of a question, which is under way from now on."""
        self._question = _of(message)
        return bytes(super().buildFrame(message))

    def handleFrame(  # noqa: N802  likewise
        self, data: bytes, exp_devid: int, exp_tid: int
    ) -> tuple[int, ModbusPDU | None]:
        """The answer, as pymodbus decodes it; None while it has not come.

        Raises:
            WrongAnswer: the unit's own frame with a right check sum, and another content.
        """
        unit, at = bytes((self._question.unit,)), -1
        while (at := data.find(unit, at + 1)) >= 0 and at + 5 <= len(data):
            code, size = data[at + 1], data[at + 2]
            if code not in _READS and not code & _REFUSES:
                continue
            end = at + (5 if code & _REFUSES else 5 + size)
            if end > len(data) or not _sound(data[at:end]):
                continue
            pdu = self.decoder.decode(data[at + 1 : end - 2])
            if pdu is None or not self._question.length(code, size):
                raise WrongAnswer(data[at:end])
            pdu.dev_id, pdu.transaction_id = exp_devid, exp_tid
            return len(data), pdu
        return max(len(data) - _LONGEST, 0) if len(data) > _MOST_UNREAD else 0, None


def _sound(frame: bytes) -> bool:
    return bool(FramerRTU.check_CRC(frame[:-2], int.from_bytes(frame[-2:], "big")))
