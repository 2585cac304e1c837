/* The frame form V' = V X, X_jk = -i W_jk (V^H diag(E) V)_jk, for d = D: one entry of eight states a vector.

   The Gram matrix is Hermitian: half of it is computed. X_jj is taken as 0: it moves phases alone. One row of V at a
   time stays in registers, which is what the unrolling is for. */

#define FRAME_(name, d) frame_##name##_##d
#define FRAME(name, d) FRAME_(name, d)

/* re + i im = upper triangle of sum_i conj(v_ij) e_i v_ik, without the diagonal unless `whole`. */
static inline __attribute__((always_inline)) void FRAME(gram, D)(const int whole, const vec *v, const vec *e,
    vec re[D][D], vec im[D][D])
{
    for (int j = 0; j < D; j++) {
        for (int k = 0; k < D; k++) {
            re[j][k] = im[j][k] = (vec){0};
        }
    }
    UNROLL
    for (int i = 0; i < D; i++) {
        const vec *a = v + 2 * D * i, *b = a + D;
        UNROLL
        for (int k = !whole; k < D; k++) {
            vec x = a[k], y = b[k];
            if (!whole) {
                x *= e[i];
                y *= e[i];
            }
            UNROLL
            for (int j = 0; j < k + whole; j++) {
                re[j][k] += a[j] * x;
                re[j][k] += b[j] * y;
                im[j][k] += a[j] * y;
                im[j][k] -= b[j] * x;
            }
        }
    }
}

/* out_i = sum_j v_ij x_j, without x_jj unless `whole` */
static inline __attribute__((always_inline)) void FRAME(times, D)(const int whole, const vec *v, vec re[D][D],
    vec im[D][D], vec *out)
{
    for (int i = 0; i < D; i++) {
        vec a[D], b[D];
        UNROLL
        for (int j = 0; j < D; j++) {
            a[j] = v[2 * D * i + j];
            b[j] = v[2 * D * i + D + j];
        }
        UNROLL
        for (int k = 0; k < D; k++) {
            vec x = {0}, y = {0};
            UNROLL
            for (int j = 0; j < D; j++) {
                if (whole || j != k) {
                    x += a[j] * re[j][k];
                    x -= b[j] * im[j][k];
                    y += a[j] * im[j][k];
                    y += b[j] * re[j][k];
                }
            }
            out[2 * D * i + k] = x;
            out[2 * D * i + D + k] = y;
        }
    }
}

void FRAME(slope_lanes, D)(const void *field, const double *t, double *data, const double *y, double *dy)
{
    (void)field; (void)t;
    const vec *e = (const vec *)data, *w_re = e + D, *w_im = w_re + D * D;
    vec re[D][D], im[D][D];
    FRAME(gram, D)(0, (const vec *)y, e, re, im);
    UNROLL
    for (int j = 0; j < D; j++) {
        UNROLL
        for (int k = j + 1; k < D; k++) {
            const vec a = re[j][k], b = im[j][k];
            re[j][k] = w_re[D * j + k] * a - w_im[D * j + k] * b;
            im[j][k] = w_re[D * j + k] * b + w_im[D * j + k] * a;
            re[k][j] = w_re[D * k + j] * a + w_im[D * k + j] * b;
            im[k][j] = w_im[D * k + j] * a - w_re[D * k + j] * b;
        }
    }
    FRAME(times, D)(0, (const vec *)y, re, im, (vec *)dy);
}

/* V <- V (3 - V^H V)/2, one Newton step towards the unitary group. */
void FRAME(project_lanes, D)(const void *field, double *data, double *y)
{
    (void)field; (void)data;
    vec re[D][D], im[D][D];
    FRAME(gram, D)(1, (const vec *)y, 0, re, im);
    UNROLL
    for (int j = 0; j < D; j++) {
        UNROLL
        for (int k = j; k < D; k++) {
            re[k][j] = re[j][k] = (j == k ? 1.5 : 0.0) - 0.5 * re[j][k];
            im[j][k] *= j == k ? 0.0 : -0.5;
            im[k][j] = -im[j][k];
        }
    }
    FRAME(times, D)(1, (const vec *)y, re, im, (vec *)y);
}

void FRAME(prepare_lanes, D)(const void *field, const double *row, int lanes, int lane, double *data)
{
    (void)field;
    for (int i = 0; i < D + 2 * D * D; i++) {
        data[i * lanes + lane] = row[i];
    }
}

#undef FRAME_
#undef FRAME
