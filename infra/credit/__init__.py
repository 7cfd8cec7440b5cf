"""Credit registers (信用平台): how the city's register is reached, by what the operator has set."""

from __future__ import annotations

from domain.standing.register import CreditRegister
from infra.credit.file import RegisterFile
from infra.credit.service import RegisterService
from infra.settings import Settings

__all__ = ["NoCreditRegister", "RegisterFile", "RegisterService", "has_register", "register_of"]


class NoCreditRegister(Exception):
    """没有配置信用平台:请设置 SHUANGTUI_CREDIT_REGISTER_FILE(交换文件)或 SHUANGTUI_CREDIT_REGISTER_URL(接口地址)。
    No credit register is known: set SHUANGTUI_CREDIT_REGISTER_FILE (a file) or SHUANGTUI_CREDIT_REGISTER_URL."""

    def __init__(self) -> None:
        super().__init__(" ".join((self.__doc__ or "").split()))


def has_register(settings: Settings) -> bool:
    """Whether the operator has set one."""
    return bool(settings.credit_register_url or settings.credit_register_file)


def register_of(settings: Settings) -> CreditRegister:
    """The register to ask: the service where one is set, else the file. Raises NoCreditRegister."""
    if settings.credit_register_url:
        token = settings.credit_register_token
        return RegisterService(
            settings.credit_register_url, token.get_secret_value() if token else "", settings.credit_register_timeout
        )
    if settings.credit_register_file:
        return RegisterFile(settings.credit_register_file)
    raise NoCreditRegister()
