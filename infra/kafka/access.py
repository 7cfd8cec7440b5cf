"""权限: what each authority may do on the broker, as SCRAM users and ACLs."""

from kafka.admin import KafkaAdminClient


def admit(admin: KafkaAdminClient, authority: str, password: str) -> None:
    """Give `authority` a user of its name and its rights; again = new password, same rights.

    Rights: read `approval.<authority>.v…` and `interaction.<authority>.v…`, write `supervision.<authority>.v…`,
    consumer groups `<authority>.…`.
    """
    raise NotImplementedError


def expel(admin: KafkaAdminClient, authority: str) -> None:
    """Take the user and its rights away."""
    raise NotImplementedError
