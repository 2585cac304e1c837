/* Frames V of dimension D under noise: one entry of eight matrices a vector.

   All generators are anti-Hermitian. What depends on time alone, H, W and the size of the noise, comes in tables, a row
   a step; constant ones have one row. lanes.c stands above this text. */

typedef struct {
    vec re[D][D], im[D][D];
} matrix;

/* Compiled in one place: matrices are in memory anyway, and copies in every scheme multiply the time of compiling. */
#define ONCE __attribute__((noinline))

/* Tables, with doubles from row to row: 0 where there is one row. Drift has two rows a step: at its begin and middle. */
typedef struct {
    interval part;
    int64_t pairs;                       /* of levels that differ */
    int64_t fields;                      /* of local noise */
    int64_t h_row, w_row, size_row;
    const int64_t *upper;                /* j < k of each pair, (2, pairs) */
    const double *diagonal;              /* energies, (D), or null */
    const double *h;                     /* H/hbar where it is no diagonal, [re, im] (2, D, D) */
    const double *w;                     /* -i W, [re, im] (2, D, D) */
    const double *sizes;                 /* of the noise times sqrt(length): of each pair, or of local noise, one */
    const double *turned;                /* -i times what local noise is weighted by, [re, im] (2, D, D); null: W */
    const double *local;                 /* fields, [re, im] (fields, 2, D, D) */
} frame_run;

/* out = a b */
static ONCE void times(const matrix *a, const matrix *b, matrix *out)
{
    for (int i = 0; i < D; i++) {
        UNROLLED
        for (int k = 0; k < D; k++) {
            vec x = {0}, y = {0};
            UNROLLED
            for (int j = 0; j < D; j++) {
                x += a->re[i][j] * b->re[j][k];
                x -= a->im[i][j] * b->im[j][k];
                y += a->re[i][j] * b->im[j][k];
                y += a->im[i][j] * b->re[j][k];
            }
            out->re[i][k] = x;
            out->im[i][k] = y;
        }
    }
}

/* The upper triangle of a^H b, which is Hermitian, with the diagonal. */
static ONCE void gram(const matrix *a, const matrix *b, matrix *out)
{
    for (int j = 0; j < D; j++) {
        UNROLLED
        for (int k = j; k < D; k++) {
            vec x = {0}, y = {0};
            UNROLLED
            for (int i = 0; i < D; i++) {
                x += a->re[i][j] * b->re[i][k];
                x += a->im[i][j] * b->im[i][k];
                y += a->re[i][j] * b->im[i][k];
                y -= a->im[i][j] * b->re[i][k];
            }
            out->re[j][k] = x;
            out->im[j][k] = y;
        }
    }
}

/* The lower triangle of an anti-Hermitian matrix from the upper one. */
static inline void completed(matrix *a)
{
    for (int j = 0; j < D; j++) {
        for (int k = j + 1; k < D; k++) {
            a->re[k][j] = -a->re[j][k];
            a->im[k][j] = a->im[j][k];
        }
    }
}

/* out <- w o out, upper triangle, w = -i W without a diagonal; then the lower one. */
static ONCE void weighted(const double *w, double factor, matrix *out)
{
    for (int j = 0; j < D; j++) {
        out->re[j][j] = out->im[j][j] = (vec){0};
        for (int k = j + 1; k < D; k++) {
            const double a = factor * w[D * j + k], b = factor * w[D * (D + j) + k];
            const vec x = out->re[j][k], y = out->im[j][k];
            out->re[j][k] = a * x - b * y;
            out->im[j][k] = a * y + b * x;
        }
    }
    completed(out);
}

/* out = factor (w o V^H H V) */
static ONCE void drift(const frame_run *r, const double *h, const double *w, const matrix *v, double factor,
    matrix *out)
{
    matrix image;
    if (r->diagonal) {
        for (int i = 0; i < D; i++) {
            for (int k = 0; k < D; k++) {
                image.re[i][k] = r->diagonal[i] * v->re[i][k];
                image.im[i][k] = r->diagonal[i] * v->im[i][k];
            }
        }
    } else {
        for (int i = 0; i < D; i++) {
            for (int k = 0; k < D; k++) {
                vec x = {0}, y = {0};
                for (int j = 0; j < D; j++) {
                    const double a = h[D * i + j], b = h[D * (D + i) + j];
                    x += a * v->re[j][k] - b * v->im[j][k];
                    y += a * v->im[j][k] + b * v->re[j][k];
                }
                image.re[i][k] = x;
                image.im[i][k] = y;
            }
        }
    }
    gram(v, &image, out);
    weighted(w, factor, out);
}

/* V <- V (1 - X/2 + X^2/12)^-1 (1 + X/2 + X^2/12), anti-Hermitian X. The eigenvalues of what is inverted are
   1 - x^2/12 - i x/2, with a positive real part for |x|^2 < 12, far beyond a step: elimination needs no pivots. */
static ONCE void move(matrix *v, const matrix *x)
{
    matrix m, y;
    /* The square of X is Hermitian: - X^H X. */
    gram(x, x, &m);
    for (int j = 0; j < D; j++) {
        UNROLLED
        for (int k = j; k < D; k++) {
            const vec a = m.re[j][k] * (-1.0 / 12.0) + (j == k ? 1.0 : 0.0), b = m.im[j][k] * (-1.0 / 12.0);
            const vec p = 0.5 * x->re[j][k], q = 0.5 * x->im[j][k];
            m.re[j][k] = a - p;
            m.im[j][k] = b - q;
            m.re[k][j] = a + p;
            m.im[k][j] = j == k ? b - q : -b - q;
        }
    }
    /* Its adjoint is the numerator: y = V m^H. */
    for (int i = 0; i < D; i++) {
        UNROLLED
        for (int k = 0; k < D; k++) {
            vec a = {0}, b = {0};
            UNROLLED
            for (int j = 0; j < D; j++) {
                a += v->re[i][j] * m.re[k][j];
                a += v->im[i][j] * m.im[k][j];
                b -= v->re[i][j] * m.im[k][j];
                b += v->im[i][j] * m.re[k][j];
            }
            y.re[i][k] = a;
            y.im[i][k] = b;
        }
    }
    /* m = L U, L with ones in the diagonal, U with its reciprocals there. */
    UNROLLED
    for (int k = 0; k < D; k++) {
        const vec s = 1.0 / (m.re[k][k] * m.re[k][k] + m.im[k][k] * m.im[k][k]);
        const vec p = m.re[k][k] * s, q = -m.im[k][k] * s;
        m.re[k][k] = p;
        m.im[k][k] = q;
        UNROLLED
        for (int i = k + 1; i < D; i++) {
            const vec a = m.re[i][k] * p - m.im[i][k] * q, b = m.re[i][k] * q + m.im[i][k] * p;
            m.re[i][k] = a;
            m.im[i][k] = b;
            UNROLLED
            for (int j = k + 1; j < D; j++) {
                m.re[i][j] -= a * m.re[k][j];
                m.re[i][j] += b * m.im[k][j];
                m.im[i][j] -= a * m.im[k][j];
                m.im[i][j] -= b * m.re[k][j];
            }
        }
    }
    /* v L U = y, row by row: from the left with U, from the right with L. */
    for (int i = 0; i < D; i++) {
        vec a[D], b[D];
        UNROLLED
        for (int k = 0; k < D; k++) {
            vec p = y.re[i][k], q = y.im[i][k];
            UNROLLED
            for (int j = 0; j < k; j++) {
                p -= a[j] * m.re[j][k];
                p += b[j] * m.im[j][k];
                q -= a[j] * m.im[j][k];
                q -= b[j] * m.re[j][k];
            }
            a[k] = p * m.re[k][k] - q * m.im[k][k];
            b[k] = p * m.im[k][k] + q * m.re[k][k];
        }
        UNROLLED
        for (int k = D - 1; k >= 0; k--) {
            UNROLLED
            for (int j = k + 1; j < D; j++) {
                a[k] -= a[j] * m.re[j][k];
                a[k] += b[j] * m.im[j][k];
                b[k] -= a[j] * m.im[j][k];
                b[k] -= b[j] * m.re[j][k];
            }
            v->re[i][k] = a[k];
            v->im[i][k] = b[k];
        }
    }
}

/* out = V (1 + factor X) */
static ONCE void near(const matrix *v, const matrix *x, double factor, matrix *out)
{
    times(v, x, out);
    for (int i = 0; i < D; i++) {
        for (int k = 0; k < D; k++) {
            out->re[i][k] = v->re[i][k] + factor * out->re[i][k];
            out->im[i][k] = v->im[i][k] + factor * out->im[i][k];
        }
    }
}

/* V <- V (3 - V^H V)/2, one Newton step towards the unitary group. */
static ONCE void polished(matrix *v)
{
    matrix x, y;
    gram(v, v, &x);
    for (int j = 0; j < D; j++) {
        for (int k = j; k < D; k++) {
            x.re[k][j] = x.re[j][k] = (j == k ? 1.5 : 0.0) - 0.5 * x.re[j][k];
            x.im[j][k] *= j == k ? 0.0 : -0.5;
            x.im[k][j] = -x.im[j][k];
        }
    }
    times(v, &x, &y);
    *v = y;
}

/* The step without noise: the midpoint rule on the group, with rows of the tables at its begin and middle. */
static ONCE void deterministic(const frame_run *r, int64_t row, double length, matrix *v)
{
    matrix x, half;
    const double *h = r->h + 2 * row * r->h_row, *w = r->w + 2 * row * r->w_row;
    drift(r, h, w, v, length, &x);
    near(v, &x, 0.5, &half);
    drift(r, h + r->h_row, w + r->w_row, &half, length, &x);
    move(v, &x);
}

/* Invariant noise of one set of variates: all pairs at once. */
static inline void fluctuation(const frame_run *r, const double *sizes, const vec *z, matrix *out)
{
    memset(out, 0, sizeof(matrix));
    for (int64_t p = 0; p < r->pairs; p++) {
        const int64_t j = r->upper[p], k = r->upper[r->pairs + p];
        out->re[j][k] = sizes[p] * z[r->pairs + p];
        out->im[j][k] = -sizes[p] * z[p];
        out->re[k][j] = -out->re[j][k];
        out->im[k][j] = out->im[j][k];
    }
}

/* out = [a, b] of anti-Hermitian matrices */
static ONCE void bracket(const matrix *a, const matrix *b, matrix *out)
{
    matrix c;
    times(a, b, &c);
    for (int j = 0; j < D; j++) {
        for (int k = 0; k < D; k++) {
            out->re[j][k] = c.re[j][k] - c.re[k][j];
            out->im[j][k] = c.im[j][k] + c.im[k][j];
        }
    }
}

static inline void add(matrix *a, double factor, const matrix *b)
{
    for (int j = 0; j < D; j++) {
        for (int k = 0; k < D; k++) {
            a->re[j][k] += factor * b->re[j][k];
            a->im[j][k] += factor * b->im[j][k];
        }
    }
}

static int silent(const frame_run *r, const double *sizes)
{
    for (int64_t p = 0; p < r->pairs; p++) {
        if (sizes[p] != 0.0) {
            return 0;
        }
    }
    return 1;
}

/* A step of noise as `strang.py` has it. */
static ONCE void noise(const frame_run *r, const double *sizes, const vec *z, matrix *v)
{
    matrix one, other, both, last;
    fluctuation(r, sizes, z, &one);
    fluctuation(r, sizes, z + 2 * r->pairs, &other);
    bracket(&one, &other, &both);
    bracket(&other, &both, &last);
    add(&one, 0.35355339059327373, &both);
    add(&one, -1.0 / 12.0, &last);
    move(v, &one);
}

static void strang(const void *run, const stream *numbers, vec *state, vec *z, vec *room)
{
    (void)room;
    const frame_run *r = run;
    const interval *i = &r->part;
    matrix *v = (matrix *)state;
    int64_t row = 0;
    if (i->begin == 0) {
        deterministic(r, row++, 0.5 * i->length, v);
    }
    for (int64_t k = i->begin; k < i->end; k++) {
        const double *sizes = r->sizes + (k - i->begin) * r->size_row;
        if (!silent(r, sizes)) {
            normals(numbers, (uint64_t)(i->first + k), z, z + room_for(numbers));
            noise(r, sizes, z, v);
        }
        deterministic(r, row++, k + 1 < i->steps ? i->length : 0.5 * i->length, v);
        if (due(i, k)) {
            polished(v);
        }
    }
}

static void euler(const void *run, const stream *numbers, vec *state, vec *z, vec *room)
{
    (void)room;
    const frame_run *r = run;
    const interval *i = &r->part;
    matrix x, fluctuating, *v = (matrix *)state;
    for (int64_t k = i->begin; k < i->end; k++) {
        const int64_t row = k - i->begin;
        const double *sizes = r->sizes + row * r->size_row;
        drift(r, r->h + row * r->h_row, r->w + row * r->w_row, v, i->length, &x);
        if (!silent(r, sizes)) {
            normals(numbers, (uint64_t)(i->first + k), z, z + room_for(numbers));
            fluctuation(r, sizes, z, &fluctuating);
            add(&x, 1.0, &fluctuating);
        }
        move(v, &x);
        if (due(i, k)) {
            polished(v);
        }
    }
}

/* The fluctuating Hamiltonian of local fields. */
static inline void summed(const frame_run *r, const vec *z, matrix *out)
{
    memset(out, 0, sizeof(matrix));
    for (int64_t f = 0; f < r->fields; f++) {
        const double *re = r->local + 2 * D * D * f, *im = re + D * D;
        for (int j = 0; j < D; j++) {
            for (int k = 0; k < D; k++) {
                out->re[j][k] += re[D * j + k] * z[f];
                out->im[j][k] += im[D * j + k] * z[f];
            }
        }
    }
}

/* What drift and local noise do in a whole step, judged at one state. */
static ONCE void generator(const frame_run *r, const double *h, const double *w, const double *turned, double size,
    const matrix *field, const matrix *v, matrix *out)
{
    matrix image, x;
    drift(r, h, w, v, r->part.length, out);
    if (size != 0.0) {
        times(field, v, &image);
        gram(v, &image, &x);
        weighted(turned, size, &x);
        add(out, 1.0, &x);
    }
}

static void midpoint(const void *run, const stream *numbers, vec *state, vec *z, vec *room)
{
    (void)room;
    const frame_run *r = run;
    const interval *i = &r->part;
    matrix field, x, half, *v = (matrix *)state;
    for (int64_t k = i->begin; k < i->end; k++) {
        const int64_t row = k - i->begin;
        const double *h = r->h + 2 * row * r->h_row, *w = r->w + 2 * row * r->w_row, *later = w + r->w_row;
        const double size = r->sizes[row * r->size_row], *turned = r->turned ? r->turned : later;
        if (size != 0.0) {
            normals(numbers, (uint64_t)(i->first + k), z, z + room_for(numbers));
            summed(r, z, &field);
        }
        generator(r, h, w, turned, size, &field, v, &x);
        near(v, &x, 0.5, &half);
        generator(r, h + r->h_row, later, turned, size, &field, &half, &x);
        move(v, &x);
        if (due(i, k)) {
            polished(v);
        }
    }
}

void qllg_strang(const frame_run *r)
{
    advance(&r->part, r, strang);
}

void qllg_euler(const frame_run *r)
{
    advance(&r->part, r, euler);
}

void qllg_midpoint(const frame_run *r)
{
    advance(&r->part, r, midpoint);
}
