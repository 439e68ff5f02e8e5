/*
 * Answers CPUID leaf 0x1D and 0x1E (the shape of AMX tiles) where a virtual machine offers AMX but hides these two leaves: oneDNN
 * then configures no tiles and dies of an illegal instruction. Loaded into the training process alone (processor.py).
 *
 * Linux can make CPUID fault (arch_prctl ARCH_SET_CPUID); the handler runs the instruction itself and corrects the two leaves.
 * Values: Intel 64 Architectures Software Developer's Manual, vol. 2A, CPUID: palette 1, 8 tiles of 16 rows of 64 bytes.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

enum { ARCH_SET_CPUID = 0x1012, FAULTS = 0, RUNS = 1 };
enum { MAX_LEAF = 0, TILES = 0x1d, TILE_PRODUCTS = 0x1e };

static void answer(int signal_number, siginfo_t *info, void *context) {
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    const unsigned char *code = (const unsigned char *)registers[REG_RIP];
    (void)info;
    if (code == NULL || code[0] != 0x0f || code[1] != 0xa2) {
        signal(signal_number, SIG_DFL); /* a real fault: it happens again, and ends the process as it should */
        return;
    }
    unsigned leaf = (unsigned)registers[REG_RAX], part = (unsigned)registers[REG_RCX];
    unsigned a = leaf, b, c = part, d;
    syscall(SYS_arch_prctl, ARCH_SET_CPUID, RUNS);
    __asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    syscall(SYS_arch_prctl, ARCH_SET_CPUID, FAULTS);
    if (leaf == MAX_LEAF && a < TILE_PRODUCTS) a = TILE_PRODUCTS;
    if (leaf == TILES || leaf == TILE_PRODUCTS) a = b = c = d = 0;
    if (leaf == TILES && part == 0) a = 1;
    if (leaf == TILES && part == 1) a = 1024 << 16 | 8192, b = 8 << 16 | 64, c = 16;
    if (leaf == TILE_PRODUCTS && part == 0) b = 64 << 8 | 16;
    registers[REG_RAX] = a, registers[REG_RBX] = b, registers[REG_RCX] = c, registers[REG_RDX] = d;
    registers[REG_RIP] += 2;
}

__attribute__((constructor)) static void begin(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = answer;
    action.sa_flags = SA_SIGINFO | SA_NODEFER;
    sigaction(SIGSEGV, &action, NULL);
    syscall(SYS_arch_prctl, ARCH_SET_CPUID, FAULTS);
}
