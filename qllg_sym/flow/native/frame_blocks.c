/* The frame form V' = V X for any d: rows [re | im] of V padded to whole vectors, products by blocks of four rows.

   X = -i W o (V^H H V). H is diag(E), constant, or sum_g f_g(t) H_g with amplitudes f from a generated kernel. */

typedef struct {
    int64_t d, pad;              /* dimension; the same, rounded up to whole vectors */
    int64_t parts, width;        /* g = 0 .. parts - 1, parameters of the amplitudes; parts = 0: H = diag(E) */
    const double *h;             /* H_g, entries (re, im), row by row */
    void (*amplitudes)(double t, const double *none, const double *p, double *f);
} frame_field;

/* Rows r .. r + ROWS - 1 of sum_s c(r, s) b_s, or of the sum with conj(c), where c(r, s) = c[r down + s along]. */
static inline __attribute__((always_inline)) void block_rows(const int rows, int64_t d, int64_t pad, const double *c,
    int64_t down, int64_t along, double sign, const double *b, double *out)
{
    for (int64_t block = 0; block < 2 * pad; block += 16) {
        const int64_t at = block / 2;
        vec re[4] = {{0}}, im[4] = {{0}}, re_turned[4] = {{0}}, im_turned[4] = {{0}};
        for (int64_t s = 0; s < d; s++) {
            const vec br = *(const vec *)(b + 2 * pad * s + at), bi = *(const vec *)(b + 2 * pad * s + pad + at);
            for (int q = 0; q < rows; q++) {
                const double cr = c[q * down + s * along], ci = c[q * down + s * along + pad];
                re[q] += cr * br;
                im[q] += cr * bi;
                re_turned[q] += ci * bi;
                im_turned[q] += ci * br;
            }
        }
        for (int q = 0; q < rows; q++) {
            *(vec *)(out + 2 * pad * q + at) = re[q] - sign * re_turned[q];
            *(vec *)(out + 2 * pad * q + pad + at) = im[q] + sign * im_turned[q];
        }
    }
}

/* out = c b (along = 1) or c^H b (along = 2 pad, sign = -1). */
static void product(int64_t d, int64_t pad, const double *c, int64_t down, int64_t along, double sign,
    const double *b, double *out)
{
    int64_t r = 0;
    for (; r + 4 <= d; r += 4) {
        block_rows(4, d, pad, c + r * down, down, along, sign, b, out + 2 * pad * r);
    }
    for (; r < d; r++) {
        block_rows(1, d, pad, c + r * down, down, along, sign, b, out + 2 * pad * r);
    }
}

/* z = H V with H = diag(E). */
static void scaled(const frame_field *f, const double *e, const double *y, double *z)
{
    for (int64_t i = 0; i < f->d; i++) {
        for (int64_t k = 0; k < 2 * f->pad; k++) {
            z[2 * f->pad * i + k] = e[i] * y[2 * f->pad * i + k];
        }
    }
}

/* z = H(t) V; h is room for H(t). */
static void driven(const frame_field *f, double t, const double *p, const double *y, double *h, double *z)
{
    const int64_t d = f->d, pad = f->pad;
    double *amplitude = h + 2 * pad * d;
    f->amplitudes(t, p, p, amplitude);
    for (int64_t i = 0; i < d; i++) {
        for (int64_t k = 0; k < d; k++) {
            double re = 0.0, im = 0.0;
            for (int64_t g = 0; g < f->parts; g++) {
                re += amplitude[g] * f->h[2 * ((g * d + i) * d + k)];
                im += amplitude[g] * f->h[2 * ((g * d + i) * d + k) + 1];
            }
            h[2 * pad * i + k] = re;
            h[2 * pad * i + pad + k] = im;
        }
    }
    product(d, pad, h, 2 * pad, 1, 1.0, y, z);
}

/* Data: -iW as rows [re | im], E or p, then room for two matrices, H(t) and its amplitudes. */
void frame_slope(const void *field, const double *t, double *data, const double *y, double *dy)
{
    const frame_field *f = field;
    const int64_t d = f->d, pad = f->pad, whole = 2 * pad * d;
    double *e = data + whole, *z = e + (f->parts ? f->width + 7 : d + 7) / 8 * 8, *x = z + whole;
    if (f->parts) {
        driven(f, t[0], e, y, x + whole, z);
    } else {
        scaled(f, e, y, z);
    }
    product(d, pad, y, 1, 2 * pad, -1.0, z, x);
    for (int64_t j = 0; j < d; j++) {
        const double *w = data + 2 * pad * j;
        double *row = x + 2 * pad * j;
        for (int64_t k = 0; k < pad; k++) {
            const double a = row[k], b = row[pad + k];
            row[k] = w[k] * a - w[pad + k] * b;
            row[pad + k] = w[k] * b + w[pad + k] * a;
        }
    }
    product(d, pad, y, 2 * pad, 1, 1.0, x, dy);
}

/* V <- V (3 - V^H V)/2, one Newton step towards the unitary group. */
void frame_project(const void *field, double *data, double *y)
{
    const frame_field *f = field;
    const int64_t d = f->d, pad = f->pad, whole = 2 * pad * d;
    double *g = data + whole + (f->parts ? f->width + 7 : d + 7) / 8 * 8, *moved = g + whole;
    product(d, pad, y, 1, 2 * pad, -1.0, y, g);
    for (int64_t i = 0; i < whole; i++) {
        g[i] *= -0.5;
    }
    for (int64_t j = 0; j < d; j++) {
        g[(2 * pad + 1) * j] += 1.5;
    }
    product(d, pad, y, 2 * pad, 1, 1.0, g, moved);
    memcpy(y, moved, (size_t)whole * sizeof(double));
}

void frame_prepare(const void *field, const double *row, int lanes, int lane, double *data)
{
    (void)lanes; (void)lane;
    const frame_field *f = field;
    const int64_t d = f->d, numbers = f->parts ? f->width : d;
    for (int64_t i = 0; i < 2 * d; i++) {
        memcpy(data + f->pad * i, row + numbers + d * d * (i % 2) + d * (i / 2), (size_t)d * sizeof(double));
    }
    memcpy(data + 2 * f->pad * d, row, (size_t)numbers * sizeof(double));
}
