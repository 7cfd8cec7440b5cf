# syntax=docker/dockerfile:1
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/shuangtui
# What it needs first: that layer stays while only our own code changes.
COPY requirements.image.lock ./
RUN /opt/shuangtui/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.image.lock
COPY pyproject.toml README.md ./
COPY domain domain
COPY projections projections
COPY interfaces interfaces
COPY infra infra
RUN /opt/shuangtui/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.12-slim
COPY --from=build /opt/shuangtui /opt/shuangtui
ENV PATH=/opt/shuangtui/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
# A number, so that an orchestrator can see without asking that it is not root.
USER 10001:10001
WORKDIR /tmp
ENTRYPOINT ["shuangtui"]
CMD ["serve"]
