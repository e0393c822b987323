"""Where the files shipped with the program are.

In a checkout ``templates/``, ``procedures_docs/`` and ``config.py`` stand beside this
package. A wheel carries only the package, so the build copies the three under the same
names to ``qms/_shipped/`` (``force-include`` in pyproject.toml).
"""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_SHIPPED = PACKAGE / "_shipped"

ROOT = _SHIPPED if (_SHIPPED / "config.py").is_file() else PACKAGE.parent
CONFIG = ROOT / "config.py"
MIGRATIONS = PACKAGE / "migrations"
PROCEDURES = ROOT / "procedures_docs"
STATIC = PACKAGE / "static"
TEMPLATES = ROOT / "templates"
TRANSLATIONS = PACKAGE / "translations"
