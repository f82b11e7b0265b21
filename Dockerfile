# One image for web, worker, beat and migrations; see docker-compose.yml.
FROM node:22-slim AS assets
WORKDIR /assets
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 NMD_VAR_DIR=/srv/nmdtracker/var
WORKDIR /srv/nmdtracker
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
COPY --from=assets /assets/node_modules node_modules
# Reading the settings asks for addresses; nothing is contacted here.
RUN DATABASE_URL=postgres://none REDIS_URL=redis://none EMAIL_URL=smtp://none NMD_SECRET_KEY=none \
    python manage.py collectstatic --no-input --verbosity 0 \
    && useradd --system --no-create-home nmdtracker \
    && chown -R nmdtracker "$NMD_VAR_DIR"
USER nmdtracker
EXPOSE 8000
CMD ["gunicorn", "nmdtracker.wsgi:application", "--bind", "0.0.0.0:8000", \
     "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
