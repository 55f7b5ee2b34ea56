"""A fictional certificate and where it is checked."""

import dataclasses
import datetime

from tidu.casework.certificates.contents import Certificate, certificate_number

AUTHORITY = "示范省工业和信息化厅（虚构）"
ADDRESS = "https://tidu.example/c/"
ON = datetime.date(2027, 1, 15)

CERTIFICATE = Certificate(
    number=certificate_number("990000", "LG", 2026, 12),
    name="启明市精微传动科技股份有限公司",
    uscc="91990102MA00000298",
    scheme="专精特新“小巨人”企业",
    authority=AUTHORITY,
    basis="《优质中小企业梯度培育管理办法》（工信部企业〔2026〕2号）",
    issued_on=datetime.date(2026, 11, 24),
    valid_from=datetime.date(2026, 12, 1),
    valid_until=datetime.date(2029, 11, 30),
    demonstration=True,
)


def changed(**fields):
    return dataclasses.replace(CERTIFICATE, **fields)
