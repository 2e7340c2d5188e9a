// Which functions of a process are entered while it is looked at: a breakpoint at the start of each, taken away by the first who comes by.
//
// usage: entered PROCESS BASE SECONDS < FUNCTIONS > NAMES
//   FUNCTIONS has lines of an offset to BASE, in hexadecimal like BASE, and a name, in the order of offsets. The process is killed at the end.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 500000, THREADS = 1000 };

struct function { unsigned long address; char *name; unsigned char first, entered; };

static struct function functions[MOST];
static long count;
static int memory;
static volatile sig_atomic_t over;

static void end(int signal) { (void)signal; over = 1; }

static struct function *at(unsigned long address)
{
    long low = 0, high = count - 1;
    while (low <= high) {
        long middle = (low + high) / 2;
        if (functions[middle].address == address)
            return &functions[middle];
        if (functions[middle].address < address)
            low = middle + 1;
        else
            high = middle - 1;
    }
    return NULL;
}

static void read_functions(unsigned long base)
{
    unsigned long offset;
    char *name;
    while (count < MOST && scanf("%lx %ms", &offset, &name) == 2)
        // Several may have the same code.
        if (count == 0 || functions[count - 1].address != base + offset)
            functions[count++] = (struct function){ .address = base + offset, .name = name };
}

static void stop_threads(int process, void (*then)(void))
{
    char path[64];
    int threads[THREADS], number = 0, status;
    snprintf(path, sizeof path, "/proc/%d/task", process);
    DIR *tasks = opendir(path);
    for (struct dirent *task; tasks && (task = readdir(tasks)) && number < THREADS;) {
        int thread = atoi(task->d_name);
        if (thread > 0 && ptrace(PTRACE_SEIZE, thread, 0, PTRACE_O_TRACECLONE) == 0 && ptrace(PTRACE_INTERRUPT, thread, 0, 0) == 0)
            threads[number++] = thread;
    }
    for (int i = 0; i < number; i++)
        waitpid(threads[i], &status, __WALL);
    then();
    for (int i = 0; i < number; i++)
        ptrace(PTRACE_CONT, threads[i], 0, 0);
}

static void set_breakpoints(void)
{
    const unsigned char breakpoint = 0xcc;
    for (long i = 0; i < count; i++)
        if (pread(memory, &functions[i].first, 1, functions[i].address) != 1 || pwrite(memory, &breakpoint, 1, functions[i].address) != 1)
            exit(1);
}

/* True where the thread stood at a breakpoint: it goes on as if there were none. */
static int passes(int thread)
{
    struct user_regs_struct registers;
    ptrace(PTRACE_GETREGS, thread, 0, &registers);
    struct function *here = at(registers.rip - 1);
    if (!here)
        return 0;
    here->entered = 1;
    pwrite(memory, &here->first, 1, here->address);
    registers.rip--;
    ptrace(PTRACE_SETREGS, thread, 0, &registers);
    return 1;
}

int main(int arguments, char **argument)
{
    if (arguments != 4)
        return 2;
    int process = atoi(argument[1]), status;
    read_functions(strtoul(argument[2], NULL, 16));
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/mem", process);
    memory = open(path, O_RDWR);
    if (memory < 0 || count == 0)
        return 1;
    stop_threads(process, set_breakpoints);
    struct sigaction action = { .sa_handler = end };
    sigaction(SIGALRM, &action, NULL);
    alarm(atoi(argument[3]));
    while (!over) {
        int thread = waitpid(-1, &status, __WALL);
        if (thread < 0 || !WIFSTOPPED(status))
            continue;
        int signal = status >> 16 ? 0 : WSTOPSIG(status);
        ptrace(PTRACE_CONT, thread, 0, signal == SIGTRAP && passes(thread) ? 0 : signal);
    }
    for (long i = 0; i < count; i++)
        if (functions[i].entered)
            puts(functions[i].name);
    kill(process, SIGKILL);
    return 0;
}
