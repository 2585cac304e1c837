/* Frames under local Gilbert friction and fields on each spin, by `implicit.py`; frames.c stands above this text.

   Torques and means of spins are traces with rho, so that no spin is turned into the frame. */

enum { ITERATIONS = 3 };

/* Of `frames`: H, the sizes of noise for each spin and direction, -i where levels differ in `turned`. Shares have two
   rows a step, as H has. The operators of spins are lists of the few entries that are not zero. */
typedef struct {
    frame_run frames;
    int64_t spins, share_row;            /* three operators a site */
    const double *levels;                /* (D) */
    const double *shares;                /* alpha/s_i, (sites) */
    const int64_t *begins;               /* where each operator begins in what follows, (spins + 1) */
    const int64_t *rows, *columns;
    const double *re, *im;
} friction_run;

/* out += sum_a x_a S_a */
static ONCE void combined(const friction_run *r, const vec *x, matrix *out)
{
    for (int64_t a = 0; a < r->spins; a++) {
        for (int64_t e = r->begins[a]; e < r->begins[a + 1]; e++) {
            out->re[r->rows[e]][r->columns[e]] += r->re[e] * x[a];
            out->im[r->rows[e]][r->columns[e]] += r->im[e] * x[a];
        }
    }
}

/* Re Tr(S_a rho) and 2 Im Tr(S_a image) */
static inline void traces(const friction_run *r, int64_t a, const matrix *rho, const matrix *image, vec *mean,
    vec *torque)
{
    vec x = {0}, y = {0};
    for (int64_t e = r->begins[a]; e < r->begins[a + 1]; e++) {
        const int64_t j = r->columns[e], k = r->rows[e];
        x += r->re[e] * rho->re[j][k];
        x -= r->im[e] * rho->im[j][k];
        y += r->re[e] * image->im[j][k];
        y += r->im[e] * image->re[j][k];
    }
    *mean = x;
    *torque = 2.0 * y;
}

/* What turns V without friction in a step: H at one of its times, and noise. */
static ONCE void undamped(const friction_run *r, const double *h, const double *sizes, const vec *z, matrix *out)
{
    const double length = r->frames.part.length;
    vec sized[r->spins];
    for (int64_t a = 0; a < r->spins; a++) {
        sized[a] = sizes[a] * z[a];
    }
    for (int j = 0; j < D; j++) {
        for (int k = 0; k < D; k++) {
            out->re[j][k] = length * h[D * j + k] - (vec){0};
            out->im[j][k] = length * h[D * (D + j) + k] - (vec){0};
        }
    }
    combined(r, sized, out);
}

/* out = V p V^H */
static ONCE void density(const friction_run *r, const matrix *v, matrix *out)
{
    for (int i = 0; i < D; i++) {
        for (int k = i; k < D; k++) {
            vec x = {0}, y = {0};
            UNROLLED
            for (int j = 0; j < D; j++) {
                const vec a = r->levels[j] * v->re[i][j], b = r->levels[j] * v->im[i][j];
                x += a * v->re[k][j];
                x += b * v->im[k][j];
                y += b * v->re[k][j];
                y -= a * v->im[k][j];
            }
            out->re[i][k] = out->re[k][i] = x;
            out->im[i][k] = y;
            out->im[k][i] = -y;
        }
    }
}

/* f = share v of one spin, where v + a x v is the torque and a = share mean */
static inline void friction_of_spin(double share, const vec *torque, const vec *mean, vec *f)
{
    vec a[3], along = {0}, whole = {1, 1, 1, 1, 1, 1, 1, 1};
    for (int e = 0; e < 3; e++) {
        a[e] = share * mean[e];
        along += a[e] * torque[e];
        whole += a[e] * a[e];
    }
    for (int e = 0; e < 3; e++) {
        const int i = (e + 1) % 3, j = (e + 2) % 3;
        f[e] = share * (torque[e] - (a[i] * torque[j] - a[j] * torque[i]) + a[e] * along) / whole;
    }
}

/* out = -i V^H (K + F) V between different levels, F the friction of what K does */
static ONCE void increment(const friction_run *r, const matrix *k, const double *shares, const matrix *v, matrix *out)
{
    matrix rho, image, whole = *k;
    vec forces[r->spins];
    density(r, v, &rho);
    times(k, &rho, &image);
    for (int64_t a = 0; a < r->spins; a += 3) {
        vec torque[3], mean[3];
        for (int e = 0; e < 3; e++) {
            traces(r, a + e, &rho, &image, mean + e, torque + e);
        }
        friction_of_spin(shares[a / 3], torque, mean, forces + a);
    }
    combined(r, forces, &whole);
    times(&whole, v, &image);
    gram(v, &image, out);
    weighted(r->frames.turned, 1.0, out);
}

/* out = V (1 + X/2 + X^2/8 + X^3/48), half a step */
static ONCE void halfway(const matrix *v, const matrix *x, matrix *out)
{
    matrix part = *v;
    for (int order = 3; order > 0; order--) {
        times(&part, x, out);
        for (int j = 0; j < D; j++) {
            UNROLLED
            for (int k = 0; k < D; k++) {
                out->re[j][k] = v->re[j][k] + 0.5 / order * out->re[j][k];
                out->im[j][k] = v->im[j][k] + 0.5 / order * out->im[j][k];
            }
        }
        part = *out;
    }
}

static void implicit(const void *run, const stream *numbers, vec *state, vec *z, vec *room)
{
    (void)room;
    const friction_run *r = run;
    const frame_run *f = &r->frames;
    const interval *i = &f->part;
    matrix field, x, half, *v = (matrix *)state;
    for (int64_t k = i->begin; k < i->end; k++) {
        const int64_t row = k - i->begin;
        const double *h = f->h + 2 * row * f->h_row, *sizes = f->sizes + row * f->size_row;
        const double *shares = r->shares + 2 * row * r->share_row;
        normals(numbers, (uint64_t)(i->first + k), z, z + room_for(numbers));
        undamped(r, h, sizes, z, &field);
        increment(r, &field, shares, v, &x);
        halfway(v, &x, &half);
        undamped(r, h + f->h_row, sizes, z, &field);
        for (int n = 0; n <= ITERATIONS; n++) {
            increment(r, &field, shares + r->share_row, &half, &x);
            if (n < ITERATIONS) {
                halfway(v, &x, &half);
            }
        }
        move(v, &x);
        if (due(i, k)) {
            polished(v);
        }
    }
}

void qllg_implicit(const friction_run *r)
{
    advance(&r->frames.part, r, implicit);
}
