/* Eight trajectories side by side: where their numbers come from and go to. normals.c stands above this text. */

/* Some steps, begin to end, of an interval of `steps`. */
typedef struct {
    int64_t count, size;                 /* trajectories; doubles of a state */
    int64_t begin, end, steps;
    int64_t first, polish;               /* number of the interval's first step in the stream; steps between polishes */
    double t, length;                    /* when the interval begins; of a step */
    double *states;                      /* (count, size) */
    double *room;                        /* at a multiple of 64 bytes: a state, twice the variates, and what is asked */
    stream numbers;
} interval;

/* Do the steps of eight states; `z` has room for twice the variates of a step. */
typedef void scheme(const void *run, const stream *numbers, vec *state, vec *z, vec *room);

static inline int64_t room_for(const stream *s)
{
    return (s->count + 7) / 8 * 8;
}

/* Whether rounding is undone after step k. */
static inline int due(const interval *i, int64_t k)
{
    return (k + 1) % i->polish == 0 || k + 1 == i->steps;
}

static void advance(const interval *i, const void *run, scheme *step)
{
    vec *state = (vec *)i->room, *z = state + i->size, *room = z + 2 * room_for(&i->numbers);
    for (int64_t begin = 0; begin < i->count; begin += LANES) {
        stream numbers = i->numbers;
        numbers.first += (uint64_t)begin;
        for (int l = 0; l < LANES; l++) {
            /* Lanes beyond the last trajectory begin where it does, and are not kept. */
            const int64_t own = begin + l < i->count ? begin + l : i->count - 1;
            for (int64_t e = 0; e < i->size; e++) {
                ((double *)state)[LANES * e + l] = i->states[own * i->size + e];
            }
        }
        step(run, &numbers, state, z, room);
        for (int l = 0; l < LANES && begin + l < i->count; l++) {
            for (int64_t e = 0; e < i->size; e++) {
                i->states[(begin + l) * i->size + e] = ((double *)state)[LANES * e + l];
            }
        }
    }
}
