"""用印入卷。"""

from __future__ import annotations

from domain.approval_case.commands import NoteSeal
from domain.policies.note_seal_use_in_the_case import NoteSealUseInTheCase
from tests.domain.test_seal import OPEN, REQUESTED, THIS, USED
from tests.specification import CASE, given


def test_a_document_that_bears_the_seal_is_noted_in_the_file_of_its_case():
    given(NoteSealUseInTheCase()).when(USED, stream=THIS).then(
        NoteSeal(
            case_id=CASE, kind=USED.kind, document_no=USED.document_no, digest=USED.digest, seal_no=OPEN.seal_no, number=1
        )
    )


def test_a_request_alone_seals_nothing():
    given(NoteSealUseInTheCase()).when(REQUESTED, stream=THIS).nothing()
