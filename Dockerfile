# Two stages: one that installs, one that only runs. Nothing but Python and the hotline is in the second.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /srv/hotline
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN /opt/venv/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY hotline ./hotline
COPY migrations ./migrations
RUN /opt/venv/bin/pip install --no-deps --no-build-isolation --editable . \
    && /opt/venv/bin/python -m compileall -q hotline migrations

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 HOTLINE_DATA_DIR=/var/lib/hotline
RUN useradd --system --uid 10001 --home-dir /var/lib/hotline --create-home hotline
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/hotline /srv/hotline
USER hotline
WORKDIR /var/lib/hotline
VOLUME /var/lib/hotline
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=2s --start-period=10s --retries=3 CMD ["python", "-c", \
    "import urllib.request as web; web.urlopen('http://127.0.0.1:8000/health/live', timeout=1.5)"]
# `serve` drains by itself on SIGTERM within a few seconds; give it 10 before the kill (stop_grace_period in compose).
STOPSIGNAL SIGTERM
CMD ["hotline", "serve", "--host", "0.0.0.0", "--port", "8000"]
