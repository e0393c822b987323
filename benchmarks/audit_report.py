"""How long the summary report of an audit with 120 findings takes as paper.

Seconds on the clock of the fastest of some rounds, the press being warm: at most 5. Beside
them stands the same report with 12 findings: ten times the findings may not cost more than ten
times the time. Exit status 1 if a bound breaks.
"""

import sys
import time

from qms.audits import printing
from qms.audits.printing import Frame
from qms.web import pdf
from tests import reports

ROUNDS = 3
MOST = 5.0
FEW = 12
FRAME = Frame("Tỉnh Phú Thọ", "UBND xã Sông Lô", "Sông Lô", "")


def seconds(findings: int) -> float:
    """Return how long a report takes at best."""
    data = printing.data(reports.of(findings), FRAME)
    pdf.render(printing.TEMPLATE, data)
    taken = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        pdf.render(printing.TEMPLATE, data)
        taken.append(time.perf_counter() - begun)
    return min(taken)


def main() -> int:
    """Measure and print; return 1 where a bound breaks."""
    few, many = seconds(FEW), seconds(reports.FINDINGS)
    times = reports.FINDINGS // FEW
    print(f"{FEW} findings: {few:.2f} s")
    print(f"{reports.FINDINGS} findings: {many:.2f} s (at most {MOST:.0f} s)")
    print(f"ratio {many / few:.1f} (at most {times}, so many times the findings)")
    return 0 if many <= MOST and many <= times * few else 1


if __name__ == "__main__":
    sys.exit(main())
