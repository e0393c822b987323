from qms.documents import wording
from qms.documents.wording import compare_words


def test_very_long_paragraphs_are_compared_sentence_by_sentence() -> None:
    sentences = [f"Điều {n} khoản {n * 7} nộp hồ sơ số {n * 13} tại xã." for n in range(400)]
    edited = [s.replace("xã", "phường") if n % 50 == 3 else s for n, s in enumerate(sentences)]
    pieces = compare_words(" ".join(sentences), " ".join(["Mở đầu.", *edited]))
    assert [piece for mark, piece in pieces if mark == "-"] == ["xã"] * 8
    assert [piece for mark, piece in pieces if mark == "+"] == ["Mở đầu."] + ["phường"] * 8


def test_a_sentence_without_end_is_compared_all_the_same() -> None:
    body = [f"số {n}" for n in range(1500)]
    pieces = compare_words(
        " ".join(body), " ".join(["đầu", *body[:700], "mới", *body[700:], "cuối"])
    )
    assert [piece for mark, piece in pieces if mark != "="] == ["đầu", "mới", "cuối"]


def test_a_great_block_of_strangers_is_walked_in_parts() -> None:
    old = [f"a{n} b{n} c{n} d{n}" for n in range(150)]
    new = [f"a{n} b{n} c{n} x{n}" for n in range(150)]
    steps = wording.align(old, new, lambda i, j: wording.likeness(old[i], new[j]))
    assert steps == [(n, n) for n in range(150)]
