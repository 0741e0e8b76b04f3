/* A disk that fails on demand, and a log of what was written since it was last synced (LD_PRELOAD).
 *
 * DISK_FOLDER: the folder it is under. DISK_STATE: a file that says well, full, readonly or broken.
 * DISK_LOG: where every write, truncation, sync, rename and removal under the folder, and every byte sent on a socket,
 * is written down in order; each record: char kind, uint32 fd or 0, uint64 offset, uint32 length, bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -2;
static char paths[4096][256];

static int ours(int fd) {
    const char *folder = getenv("DISK_FOLDER");
    char link[64], path[256];
    if (folder == NULL || fd < 3 || fd >= 4096) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, sizeof path - 1);
    if (n <= 0) return 0;
    path[n] = 0;
    if (strncmp(path, folder, strlen(folder)) != 0) return 0;
    memcpy(paths[fd], path, n + 1);
    return 1;
}

static int trouble(void) {
    const char *state = getenv("DISK_STATE");
    char said[16] = "";
    if (state == NULL) return 0;
    int fd = syscall(SYS_openat, AT_FDCWD, state, O_RDONLY);
    if (fd < 0) return 0;
    ssize_t n = syscall(SYS_read, fd, said, sizeof said - 1);
    syscall(SYS_close, fd);
    if (n <= 0) return 0;
    switch (said[0]) {
        case 'f': return ENOSPC;
        case 'r': return EROFS;
        case 'b': return EIO;
        default: return 0;
    }
}

static void record(char kind, const char *path, uint64_t offset, const void *data, uint32_t length) {
    if (log_fd == -2) {
        const char *name = getenv("DISK_LOG");
        log_fd = name ? (int)syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    }
    if (log_fd < 0) return;
    uint32_t size = path ? strlen(path) : 0;
    char head[17];
    head[0] = kind;
    memcpy(head + 1, &size, 4);
    memcpy(head + 5, &offset, 8);
    memcpy(head + 13, &length, 4);
    struct iovec all[3] = {{head, 17}, {(void *)path, size}, {(void *)data, length}};
    syscall(SYS_writev, log_fd, all, 3);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static ssize_t put(int fd, const void *data, size_t length, off_t offset) {
    int why = trouble();
    if (why) { errno = why; return -1; }
    pthread_mutex_lock(&order);
    ssize_t n = syscall(SYS_pwrite64, fd, data, length, offset);
    if (n > 0) record('W', paths[fd], offset, data, n);
    pthread_mutex_unlock(&order);
    return n;
}

ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) {
    return ours(fd) ? put(fd, data, length, offset) : syscall(SYS_pwrite64, fd, data, length, offset);
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return pwrite64(fd, data, length, offset); }

static void said(int fd, const void *data, ssize_t n) {
    if (n > 0 && log_fd != -1) {
        pthread_mutex_lock(&order);
        record('M', NULL, fd, data, n);
        pthread_mutex_unlock(&order);
    }
}

ssize_t write(int fd, const void *data, size_t length) {
    if (ours(fd)) {
        off_t at = lseek(fd, 0, SEEK_CUR);
        ssize_t n = put(fd, data, length, at);
        if (n > 0) lseek(fd, at + n, SEEK_SET);
        return n;
    }
    return syscall(SYS_write, fd, data, length);
}

/* what leaves the machine is written down before it leaves: what is confirmed must stand by then */
ssize_t send(int fd, const void *data, size_t length, int flags) {
    said(fd, data, length);
    return syscall(SYS_sendto, fd, data, length, flags, NULL, 0);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    char *all = NULL;
    size_t length = 0;
    for (size_t i = 0; i < message->msg_iovlen; i++) length += message->msg_iov[i].iov_len;
    if (message->msg_name == NULL && (all = malloc(length + 1)) != NULL) {
        char *end = all;
        for (size_t i = 0; i < message->msg_iovlen; i++)
            end = mempcpy(end, message->msg_iov[i].iov_base, message->msg_iov[i].iov_len);
        said(fd, all, length);
        free(all);
    }
    return syscall(SYS_sendmsg, fd, message, flags);
}

static int cut(int fd, off_t size) {
    if (!ours(fd)) return syscall(SYS_ftruncate, fd, size);
    int why = trouble();
    if (why) { errno = why; return -1; }
    pthread_mutex_lock(&order);
    int done = syscall(SYS_ftruncate, fd, size);
    if (done == 0) record('T', paths[fd], size, NULL, 0);
    pthread_mutex_unlock(&order);
    return done;
}

int ftruncate64(int fd, off_t size) { return cut(fd, size); }
int ftruncate(int fd, off_t size) { return cut(fd, size); }

static int synced(int fd, long call) {
    if (!ours(fd)) return syscall(call, fd);
    int why = trouble();
    if (why) { errno = why; return -1; }
    pthread_mutex_lock(&order);
    int done = syscall(call, fd);
    if (done == 0) record('S', paths[fd], 0, NULL, 0);
    pthread_mutex_unlock(&order);
    return done;
}

int fsync(int fd) { return synced(fd, SYS_fsync); }
int fdatasync(int fd) { return synced(fd, SYS_fdatasync); }

int unlink(const char *path) {
    pthread_mutex_lock(&order);
    int done = syscall(SYS_unlink, path);
    const char *folder = getenv("DISK_FOLDER");
    if (done == 0 && folder && strncmp(path, folder, strlen(folder)) == 0) record('U', path, 0, NULL, 0);
    pthread_mutex_unlock(&order);
    return done;
}
