"""Pictures of places and of sheets that hang: taken in small, without what a camera notes beside."""

import io
import warnings
from typing import IO, Final

import zxingcpp
from PIL import Image, ImageOps, UnidentifiedImageError

from qms import files
from qms.errors import InvalidError

KINDS: Final = ("JPEG", "PNG", "WEBP")
MEDIA_TYPE: Final = "image/jpeg"
LONGEST: Final = 1600
"""Dots of the longer side that are kept."""
QUALITY: Final = 82
QR: Final = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
MOST_DOTS: Final = 60_000_000
"""Dots a picture may have; a phone of today makes up to 50 million."""


def keep(data: bytes) -> str:
    """Keep a picture for ever and return its SHA-256; where and by what it was taken is dropped.

    Raises:
        InvalidError: it is no picture, or too large a one.

    """
    return files.put(smaller(data))


def keep_sent(sent: IO[bytes] | None) -> str | None:
    """Keep the picture that a form brought, as :func:`keep` does; None where it brought none."""
    data = sent.read() if sent else b""
    return keep(data) if data else None


def smaller(data: bytes) -> bytes:
    """Return a picture as JPEG of a size for a page, upright.

    Raises:
        InvalidError: it is no picture, or too large a one.

    """
    upright = _upright(data)
    upright.thumbnail((LONGEST, LONGEST))
    made = io.BytesIO()
    upright.save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()


def code_in(data: bytes) -> str:
    """Return what the QR in a picture says.

    Raises:
        InvalidError: there is none that can be read, or it is no picture.

    """
    seen = _upright(data).convert("L")
    for each in zxingcpp.read_barcodes(seen, formats=QR):
        return str(each.text)
    raise InvalidError(
        "Không đọc được mã trong ảnh. Hãy chụp lại gần hơn, đủ sáng, hoặc gõ mã dưới ô QR."
    )


def _upright(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=KINDS) as picture:
                if picture.width * picture.height > MOST_DOTS:
                    raise InvalidError("Ảnh quá lớn. Hãy chụp lại ở cỡ nhỏ hơn.")
                return ImageOps.exif_transpose(picture).convert("RGB")
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
        OSError,
        SyntaxError,
        ValueError,
    ) as error:
        raise InvalidError("Tệp này không phải ảnh JPEG, PNG hoặc WebP đọc được.") from error
