/* DOP853 for trajectories in lockstep: order 8, step control of orders 5 and 3, dense output of order 7.

   Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, II.5, with the step control of SciPy's DOP853.
   The coefficients, as macros of k and i, and lanes.c stand above this text. */

#define STAGE(c, s, sum) \
    for (int64_t i = 0; i < n; i++) { \
        stage[i] = y[i] + h * (sum); \
    } \
    evaluate(j, a, s_, c, stage, k + K_##s * n);

/* The eleven further stages, the new state, and the size of the error in units of the tolerance. */
static inline __attribute__((always_inline)) void attempt(const job *j, arrays_t *a, lanes_t *s_,
    double *error, const int64_t n)
{
    const vec h = spread(s_->step), *restrict y = a->y;
    vec *restrict k = a->k, *restrict stage = a->stage;
    STAGE(C_1, 1, A_1)
    STAGE(C_2, 2, A_2)
    STAGE(C_3, 3, A_3)
    STAGE(C_4, 4, A_4)
    STAGE(C_5, 5, A_5)
    STAGE(C_6, 6, A_6)
    STAGE(C_7, 7, A_7)
    STAGE(C_8, 8, A_8)
    STAGE(C_9, 9, A_9)
    STAGE(C_10, 10, A_10)
    STAGE(C_11, 11, A_11)
    vec fifth = {0}, third = {0};
    for (int64_t i = 0; i < n; i++) {
        const vec new = y[i] + h * (B), scale = j->atol + j->rtol * larger(size(y[i]), size(new));
        const vec unit = h / scale, e5 = (E5) * unit, e3 = (E3) * unit;
        a->new[i] = new;
        fifth += e5 * e5 + 0.0 * new;       /* an infinite state is an error */
        third += e3 * e3;
    }
    double five[LANES], three[LANES];
    gather(fifth, five);
    gather(third, three);
    for (int l = 0; l < LANES; l++) {
        const double both = five[l] + 0.01 * three[l];
        error[l] = both == 0.0 ? 0.0 : five[l] / sqrt(both * (double)j->size);
    }
}

/* The three stages and the polynomial of the dense output. */
static void interpolate(const job *j, arrays_t *a, lanes_t *s_)
{
    const int64_t n = j->blocks;
    const vec h = spread(s_->step), *restrict y = a->y;
    vec *restrict k = a->k, *restrict stage = a->stage, *restrict f = a->f;
    STAGE(C_13, 13, A_13)
    STAGE(C_14, 14, A_14)
    STAGE(C_15, 15, A_15)
    for (int64_t i = 0; i < n; i++) {
        const vec change = a->new[i] - y[i];
        f[i] = change;
        f[n + i] = h * k[i] - change;
        f[2 * n + i] = 2.0 * change - h * (k[K_12 * n + i] + k[i]);
        f[3 * n + i] = h * (D_0);
        f[4 * n + i] = h * (D_1);
        f[5 * n + i] = h * (D_2);
        f[6 * n + i] = h * (D_3);
    }
}

/* One sample of every lane that is due, with `inside` where it lies between the ends of the step. */
static void sample(const job *j, arrays_t *a, lanes_t *s, const int *due, int inside)
{
    const int64_t n = j->blocks;
    if (inside) {
        double at[LANES];
        for (int l = 0; l < LANES; l++) {
            at[l] = due[l] ? (j->times[j->counts[s->trajectory[l]]] - s->t[l]) / s->step[l] : 0.0;
        }
        const vec x = spread(at), rest = 1.0 - x;
        const vec *f = a->f;
        for (int64_t i = 0; i < n; i++) {
            vec v = x * f[6 * n + i];
            v = rest * (v + f[5 * n + i]);
            v = x * (v + f[4 * n + i]);
            v = rest * (v + f[3 * n + i]);
            v = x * (v + f[2 * n + i]);
            v = rest * (v + f[n + i]);
            v = x * (v + f[i]);
            a->stage[i] = a->y[i] + v;
        }
        if (j->project) {
            j->project(j->field, (double *)a->data, (double *)a->stage);
        }
    }
    for (int l = 0; l < LANES; l++) {
        if (due[l]) {
            store(j, inside ? a->stage : a->new, l, s->trajectory[l]);
        }
    }
}

/* All samples that the step of the accepted lanes reached: those inside it, then those at its end. */
static void samples(const job *j, arrays_t *a, lanes_t *s, const int *accepted)
{
    for (int inside = 1, ready = 0; inside >= 0;) {
        int due[LANES], any = 0;
        for (int l = 0; l < LANES; l++) {
            due[l] = 0;
            if (accepted[l] && j->counts[s->trajectory[l]] < j->points) {
                const double t = j->times[j->counts[s->trajectory[l]]];
                due[l] = inside ? t < s->next[l] : t == s->next[l];
            }
            any |= due[l];
        }
        if (!any) {
            inside--;
            continue;
        }
        if (inside && !ready) {
            interpolate(j, a, s);
            ready = 1;
        }
        sample(j, a, s, due, inside);
    }
}

/* The accepted lanes move on. The new state is brought back to its manifold before its slope is taken, which then
   serves as the first of the next step: 12 evaluations a step. */
static void move(const job *j, arrays_t *a, lanes_t *s, const int *accepted)
{
    const int64_t n = j->blocks;
    if (j->project) {
        j->project(j->field, (double *)a->data, (double *)a->new);
    }
    evaluate(j, a, s, 1.0, a->new, a->k + K_12 * n);
    samples(j, a, s, accepted);
    if (LANES == 1) {
        memcpy(a->y, a->new, (size_t)n * sizeof(vec));
        memcpy(a->k, a->k + K_12 * n, (size_t)n * sizeof(vec));
        return;
    }
    mask chosen = {0};
    for (int l = 0; l < LANES; l++) {
        chosen[l] = -(int64_t)accepted[l];
    }
    for (int64_t i = 0; i < n; i++) {
        a->y[i] = choose(chosen, a->new[i], a->y[i]);
        a->k[i] = choose(chosen, a->k[K_12 * n + i], a->k[i]);
    }
}

/* What an error means for the next step, and for the attempt. A trial that is not finite was too long. */
static int judge(const lanes_t *s, int lane, double error, double *factor)
{
    if (error < 1.0) {
        *factor = error == 0.0 ? 10.0 : fmin(10.0, 0.9 / sqrt(sqrt(sqrt(error))));
        *factor = s->repeated[lane] ? fmin(1.0, *factor) : *factor;
        return ACCEPTED;
    }
    const int finite = error <= 1e300;
    *factor = finite ? fmax(0.2, 0.9 / sqrt(sqrt(sqrt(error)))) : 0.2;
    return finite ? INACCURATE : OVERFLOWN;
}

static void attempt_all(const job *j, arrays_t *a, lanes_t *s)
{
    double error[LANES], factor[LANES] = {0.0}, defects[LANES] = {0.0};
    int verdict[LANES], accepted[LANES], any = 0;
    if (LANES == 1 && j->blocks == 4) {
        attempt(j, a, s, error, 4);
    } else {
        attempt(j, a, s, error, j->blocks);
    }
    for (int l = 0; l < LANES; l++) {
        verdict[l] = judge(s, l, error[l], &factor[l]);
        accepted[l] = s->trajectory[l] >= 0 && verdict[l] == ACCEPTED;
        any |= accepted[l];
    }
    if (any) {
        move(j, a, s, accepted);
        defects_of(j, a->k, defects);
    }
    for (int l = 0; l < LANES; l++) {
        const int64_t row = s->trajectory[l];
        if (row < 0) {
            continue;
        }
        s->repeated[l] = verdict[l];
        s->shrunk[l] = factor[l] <= 1.0 ? s->shrunk[l] + 1 : 0;
        s->step[l] = fmax(s->step[l] * factor[l], accepted[l] ? s->wanted[l] : 0.0);
        if (accepted[l]) {
            s->t[l] = j->reached[row] = s->next[l];
            j->steps[row]++;
        }
        if (accepted[l] && j->counts[row] == j->points) {
            finish(j, a, s, l, DONE);
        } else if (defects[l] != 0.0) {
            finish(j, a, s, l, NOT_FINITE);
        } else if (stuck(s, l)) {
            finish(j, a, s, l, TOO_SMALL);
        }
    }
}

/* At most `budget` steps of every lane; 0 when the queue is empty and all lanes are idle. */
int advance(const job *j, double *memory, int64_t budget)
{
    const int64_t n = j->blocks;
    lanes_t *s = (lanes_t *)memory;
    arrays_t a;
    a.y = (vec *)(memory + HEADER);
    a.new = a.y + n;
    a.stage = a.new + n;
    a.k = a.stage + n;
    a.f = a.k + 12 * n;
    a.data = a.f + 7 * n;
    if (!s->begun) {
        s->begun = 1;
        for (int l = 0; l < LANES; l++) {
            s->trajectory[l] = -1;
        }
        for (int l = 0; l < LANES; l++) {
            take(j, &a, s, l);
        }
    }
    for (int64_t i = 0; i < budget; i++) {
        if (!limit(j, &a, s)) {
            return 0;
        }
        attempt_all(j, &a, s);
    }
    return limit(j, &a, s);
}
