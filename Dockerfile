# One image for everything of ours: `worker` (the default), `migrate`, and every other command of `doorstroom`.
ARG PYTHON_VERSION=3.11

FROM python:${PYTHON_VERSION}-slim AS dependencies
COPY requirements.txt /requirements.txt
RUN python -m venv /opt/doorstroom \
    && /opt/doorstroom/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /requirements.txt

FROM python:${PYTHON_VERSION}-slim
RUN groupadd --gid 10001 doorstroom \
    && useradd --uid 10001 --gid doorstroom --home-dir /app --no-create-home --shell /usr/sbin/nologin doorstroom
COPY --from=dependencies /opt/doorstroom /opt/doorstroom
ENV PATH=/opt/doorstroom/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app
# What belongs in the image is told by .dockerignore.
COPY . /app
RUN pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --editable . \
    && python -m compileall -q /app
# Named volumes that are mounted here belong to whom the folders belonged.
RUN install --directory --owner doorstroom --group doorstroom /uploads /bank /returned
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["doorstroom"]
CMD ["worker"]
