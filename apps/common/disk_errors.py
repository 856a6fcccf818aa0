"""Why the disk refused something, in words: the system says it in English, and not always."""

import errno

_WORDS = {
    errno.ENOSPC: "磁盘满了",
    errno.EDQUOT: "磁盘配额用完了",
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "磁盘是只读的",
    errno.EIO: "磁盘读写出错",
    errno.ENOENT: "没有这个文件或目录",
    errno.ENOTDIR: "路径中间有一个不是目录",
    errno.EISDIR: "这是一个目录",
    errno.ESTALE: "共享盘断开过",
    errno.ETIMEDOUT: "共享盘没有回应",
    errno.EHOSTDOWN: "共享盘的机器不在线",
    errno.ENOTCONN: "共享盘没有连上",
    errno.EMFILE: "打开的文件太多",
    errno.ENFILE: "打开的文件太多",
    errno.ENAMETOOLONG: "文件名太长",
}


def in_words(error):
    """Why `error`, an OSError, was raised; one of our own storage has no number."""
    if error.errno is None:
        return "内容坏了，或密钥换过"
    return _WORDS.get(error.errno, f"系统错误 {error.errno}")
