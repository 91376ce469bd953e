/* A disk that fails on order: the file named by FAILING_DISK holds one word, and while it does the database's files
   answer as the system would. full: ENOSPC on every write; readonly: EROFS on every write and on opening to write;
   sync: EIO on every fsync. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int ordered(const char *word) {
    char found[16] = "";
    const char *name = getenv("FAILING_DISK");
    FILE *order = name == NULL ? NULL : fopen(name, "re");
    if (order == NULL) return 0;
    if (fgets(found, sizeof found, order) == NULL) found[0] = 0;
    fclose(order);
    return strcmp(found, word) == 0;
}

static int is_database(int file) {
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, "annotator.db") != NULL;
}

static int refuses_write(int file) {
    if (!is_database(file)) return 0;
    if (ordered("full")) { errno = ENOSPC; return 1; }
    if (ordered("readonly")) { errno = EROFS; return 1; }
    return 0;
}

static int refuses_sync(int file) {
    if (!is_database(file) || !ordered("sync")) return 0;
    errno = EIO;
    return 1;
}

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite(int file, const void *data, size_t size, off_t at) {
    return refuses_write(file) ? -1 : NEXT(pwrite)(file, data, size, at);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    return refuses_write(file) ? -1 : NEXT(pwrite64)(file, data, size, at);
}

ssize_t write(int file, const void *data, size_t size) {
    return refuses_write(file) ? -1 : NEXT(write)(file, data, size);
}

int fsync(int file) { return refuses_sync(file) ? -1 : NEXT(fsync)(file); }

int fdatasync(int file) { return refuses_sync(file) ? -1 : NEXT(fdatasync)(file); }

static int refuses_open(const char *path, int flags) {
    if (strstr(path, "annotator.db") == NULL || (flags & O_ACCMODE) == O_RDONLY || !ordered("readonly")) return 0;
    errno = EROFS;
    return 1;
}

#define OPEN(name)                                              \
    int name(const char *path, int flags, ...) {                \
        va_list more;                                           \
        va_start(more, flags);                                  \
        mode_t mode = va_arg(more, mode_t);                     \
        va_end(more);                                           \
        return refuses_open(path, flags) ? -1 : NEXT(name)(path, flags, mode); \
    }

OPEN(open)
OPEN(open64)
