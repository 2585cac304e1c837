/* What the stepping driver and the right-hand sides share. */

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Eight doubles: one register with AVX-512, two or four elsewhere. */
typedef double vec __attribute__((vector_size(64), may_alias));
typedef int64_t mask __attribute__((vector_size(64), may_alias));

#define HEADER 128           /* doubles of memory before the arrays */
#define MOST_STEPS 1e10      /* more would take hours: stiff beyond an explicit method */
#define WINDOW 1000          /* attempts from which the pace is judged: steps have long stopped growing by then */
#define FALLING 50           /* shorter steps on end: towards a pole, for instance */

#define FIRST_PART 1e-6      /* of the interval: the first step of a state at rest */

enum { RUNNING, DONE, NOT_FINITE, TOO_SMALL };
enum { ACCEPTED, INACCURATE, OVERFLOWN };

typedef void slope_function(const void *field, const double *t, double *data, const double *y, double *dy);
typedef void project_function(const void *field, double *data, double *y);
typedef void prepare_function(const void *field, const double *row, int lanes, int lane, double *data);

/* Many initial-value problems with one right-hand side; times and tolerances are common. */
typedef struct {
    slope_function *slope;
    project_function *project;       /* back to the manifold after each step, or null */
    prepare_function *prepare;       /* one trajectory's data -> where `slope` finds them */
    const void *field;               /* what the right-hand side needs beside them */
    int64_t size, row, stride;       /* a state has `size` doubles, in rows that lie `stride` apart in one lane */
    int64_t blocks, width;           /* vectors of a state; doubles of one trajectory's data */
    int64_t count, points;           /* trajectories, times */
    double rtol, atol, largest;      /* tolerances, longest step */
    const int64_t *firsts;           /* where each trajectory's own limits begin, or null where there are none */
    const double *ends, *caps;       /* up to `ends` a step is at most `caps` long; the last end is infinite */
    const double *times, *starts, *data;
    double *samples, *reached, *smallest;
    int64_t *counts, *steps, *evaluations, *status;
    int64_t *queue;                  /* trajectories that were taken, by all threads */
} job;

static inline vec size(vec x)
{
    return (vec)((mask)x & INT64_MAX);
}

static inline vec choose(mask m, vec yes, vec no)
{
    return (vec)(((mask)yes & m) | ((mask)no & ~m));
}

static inline vec larger(vec a, vec b)
{
    return choose((mask)(a > b), a, b);
}
