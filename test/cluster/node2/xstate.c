// SPDX-License-Identifier: Apache-2.0
//
// Preloaded into User-Mode Linux, so that it runs on processors with AMX too.
//
// A kernel takes a process's extended registers by PTRACE_SETREGSET only as a whole (xstateregs_set in
// arch/x86/kernel/fpu/regset.c), and how large they are depends on the processor: 11 KB with AMX. User-Mode Linux 6.1
// knows them as 2696 bytes, all that there was before AMX, and would die with "set fp regs failed, errno = 14".
// This stands between: it hands the first bytes on as they are, and the rest as the zeros of registers not in use.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

typedef long (*ptrace_function)(int, ...);

static unsigned char registers[65536] __attribute__((aligned(64)));

// Gives the whole state's size in bytes in *size.
static long get_whole(ptrace_function real, int pid, size_t *size) {
  struct iovec whole = {registers, sizeof registers};
  long result = real(PTRACE_GETREGSET, pid, (void *)NT_X86_XSTATE, &whole);
  *size = whole.iov_len;
  return result;
}

long ptrace(enum __ptrace_request request, ...) {
  static ptrace_function real;
  static size_t whole_size;
  va_list arguments;
  va_start(arguments, request);
  int pid = va_arg(arguments, int);
  void *address = va_arg(arguments, void *);
  void *data = va_arg(arguments, void *);
  va_end(arguments);

  if (real == NULL) real = (ptrace_function)dlsym(RTLD_NEXT, "ptrace");
  if (request != PTRACE_SETREGSET || address != (void *)NT_X86_XSTATE) return real(request, pid, address, data);

  if (whole_size == 0 && get_whole(real, pid, &whole_size) < 0) return -1;
  const struct iovec *given = data;
  if (given->iov_len >= whole_size) return real(request, pid, address, data);
  memcpy(registers, given->iov_base, given->iov_len);
  memset(registers + given->iov_len, 0, whole_size - given->iov_len);
  struct iovec whole = {registers, whole_size};
  return real(request, pid, address, &whole);
}
