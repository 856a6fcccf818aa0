# One image for web, worker, beat and the one-shot migration; docker-compose.yml says which is which.

FROM python:3.12.11-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements/run.txt requirements/faces.txt requirements/heic.txt requirements/
RUN pip install --require-hashes -r requirements/run.txt
# Without the wheel, pictures of iPhones have to be made JPEGs first.
RUN pip install --require-hashes --no-deps --only-binary :all: -r requirements/heic.txt || true
# Without the wheels the portal offers the one-time code alone.
ARG FACES=1
RUN if [ "$FACES" = 1 ]; then \
      pip install --require-hashes --no-deps --only-binary :all: -r requirements/faces.txt; fi

FROM python:3.12.11-slim-trixie
# pg_dump and pg_restore for backups; not older than the server.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /srv/portal portal
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SBK_MODE=production \
    SBK_VAR_DIR=/var/lib/portal
COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/portal
COPY manage.py ./
COPY sbk_portal sbk_portal
COPY apps apps
COPY templates templates
COPY static static
COPY fixtures fixtures
COPY locale locale
COPY deploy/gunicorn.conf.py deploy/
COPY deploy/pages deploy/pages
# In embedded mode, which brings secrets of its own: none of production is needed, none is kept.
RUN SBK_MODE=embedded SBK_VAR_DIR=/tmp/var SBK_STATIC_IS_COLLECTED=1 \
    SBK_STATIC_DIR=/srv/portal/staticfiles \
    python manage.py collectstatic --no-input \
    && rm -rf /tmp/var \
    && install -d -o portal -g portal /var/lib/portal
# A process that starts need not compile the program anew: a third of its start.
RUN python -m compileall -q manage.py sbk_portal apps
USER portal
VOLUME /var/lib/portal
EXPOSE 8000
ENV WEB_BIND=0.0.0.0:8000
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py"]
