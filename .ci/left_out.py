"""Name the notebooks whose extra is not installed by a command: `left_out.py [--extras] COMMAND`.

With `--extras`, their extras, with commas between them.
"""

import re
import sys

from bmcourse.tools.course import chapters

extras_alone = "--extras" in sys.argv
found = re.search(r"\.\[([\w,]+)\]", sys.argv[-1])
installed = set(found[1].split(",")) if found else set()
left = [chapter for chapter in chapters() if chapter.extra and chapter.extra not in installed]
if extras_alone:
    print(",".join(sorted({chapter.extra for chapter in left})))
else:
    print(*(f"notebooks/{chapter.path.name}" for chapter in left))
