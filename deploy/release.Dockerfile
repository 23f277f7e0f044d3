# syntax=docker/dockerfile:1.7

# The images of a release, around programs that are built already: see .goreleaser.yaml. Each holds its program, the certificates of public
# authorities and nothing else: no shell, no root.

FROM --platform=$BUILDPLATFORM golang:1.26.8-bookworm AS certificates
RUN mkdir -p /empty/tmp

FROM scratch AS base
COPY --from=certificates /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=certificates --chown=65532:65532 /empty/tmp /tmp
USER 65532:65532

FROM base AS starter
ARG TARGETPLATFORM
COPY $TARGETPLATFORM/starter /starter
ENTRYPOINT ["/starter"]

FROM base AS worker
ARG TARGETPLATFORM
COPY $TARGETPLATFORM/worker /worker
ENTRYPOINT ["/worker"]
