"""A summary report as long as one likes, for tests and benchmarks."""

from datetime import date

from qms.audits import papers, result_papers
from qms.audits.papers import FindingRow, Paper

FINDINGS = 120
UNITS = 12
DAY = date(2026, 8, 10)


def of(findings: int) -> Paper:
    """Return the report of an audit of twelve units with so many findings."""
    units = [f"Phòng {n}" for n in range(UNITS)]
    head = papers.Head(
        words="01/2026",
        title="Đánh giá nội bộ đợt 1",
        scope="Mọi quy trình.",
        criteria="TCVN ISO 9001:2015.",
        first=DAY,
        last=DAY,
        period_first=date(2026, 1, 1),
        period_last=DAY,
        units=units,
        team=[papers.Person("Bùi Ngọc Ánh", papers.LEAD, "", "ISO 9001:2015")],
    )
    told = result_papers.Told(
        year=DAY.year,
        meetings=[],
        dossiers=[],
        findings=[
            FindingRow(
                f"KPH-{n:03}/2026",
                units[n % UNITS],
                "8.5.1",
                "Không phù hợp nhẹ",
                "Phiếu kiểm soát quá trình giải quyết hồ sơ không được ghi đủ các bước.",
                "Hồ sơ HS-1, HS-2, HS-3 nhận ngày 05/08/2026 thiếu chữ ký bước thẩm định.",
            )
            for n in range(findings)
        ],
        by_unit=[(name, 0, 10, 0, 0, 10, 3) for name in units],
        by_clause=[("8.5.1", 0, findings, 0, 0, findings, 30)],
        gone=[],
        exceptions=[],
        changed=[],
        counts={"Phù hợp": 300},
        conclusion="Phù hợp.",
        reported_on=DAY,
    )
    return result_papers.report(head, told)
