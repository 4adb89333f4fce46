# The program and nothing else: `docker run --rm -v "$PWD:/work" ghcr.io/toolcard/toolcard build`.
# It needs a static program for each platform at linux/amd64/toolcard and linux/arm64/toolcard of the build's folder
# (.github/workflows/publish-image.yml takes those of the musl archives).
FROM scratch
ARG TARGETPLATFORM
COPY ${TARGETPLATFORM}/toolcard /toolcard
WORKDIR /work
USER 65532:65532
ENTRYPOINT ["/toolcard"]
