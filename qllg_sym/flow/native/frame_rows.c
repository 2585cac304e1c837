/* The frame form V' = V X, X_jk = -i W_jk (V^H diag(E) V)_jk, for d = D <= PAD: one state, one vector a row of V.

   A row is [re | im], each PAD long; a complex factor times a row is two multiplications by scalars, of the row and of
   i times the row. Data: E, then -iW as rows [re | re], [im | im].

   frame_lanes.c with one lane, a double for each vector, would do, too, but finds no vectors there: a slope for d = 4
   then takes 1.45 times as long (43 ns for 30 ns, measured side by side), so both forms stay. */

#define FRAME_(name, d) frame_##name##_##d
#define FRAME(name, d) FRAME_(name, d)
#define ROW FRAME(row, D)

typedef double ROW __attribute__((vector_size(16 * PAD), aligned(16 * PAD), may_alias));

static inline ROW FRAME(turned, D)(ROW x)
{
    const ROW sign = {ROW_SIGNS};
    return sign * SHUFFLE(x, ROW_ORDER);
}

/* out_j = sum_i conj(v_ij) z_i */
static inline void FRAME(gram, D)(const double *y, const ROW *z, ROW *out)
{
    for (int j = 0; j < D; j++) {
        ROW a = {0}, b = {0};
        for (int i = 0; i < D; i++) {
            a += y[2 * PAD * i + j] * z[i];
            b += y[2 * PAD * i + PAD + j] * z[i];
        }
        out[j] = a - FRAME(turned, D)(b);
    }
}

/* out_i = sum_j v_ij x_j */
static inline void FRAME(times, D)(const double *y, const ROW *x, ROW *out)
{
    ROW turned[D], result[D];
    for (int j = 0; j < D; j++) {
        turned[j] = FRAME(turned, D)(x[j]);
    }
    for (int i = 0; i < D; i++) {
        ROW a = {0}, b = {0};
        for (int j = 0; j < D; j++) {
            a += y[2 * PAD * i + j] * x[j];
            b += y[2 * PAD * i + PAD + j] * turned[j];
        }
        result[i] = a + b;
    }
    for (int i = 0; i < D; i++) {
        out[i] = result[i];
    }
}

void FRAME(slope, D)(const void *field, const double *t, double *data, const double *y, double *dy)
{
    (void)field; (void)t;
    const ROW *v = (const ROW *)y, *w = (const ROW *)(data + 8);
    ROW z[D], x[D];
    for (int i = 0; i < D; i++) {
        z[i] = data[i] * v[i];
    }
    FRAME(gram, D)(y, z, x);
    for (int j = 0; j < D; j++) {
        x[j] = w[2 * j] * x[j] + w[2 * j + 1] * FRAME(turned, D)(x[j]);
    }
    FRAME(times, D)(y, x, (ROW *)dy);
}

/* V <- V (3 - V^H V)/2, one Newton step towards the unitary group. */
void FRAME(project, D)(const void *field, double *data, double *y)
{
    (void)field; (void)data;
    ROW x[D];
    FRAME(gram, D)(y, (const ROW *)y, x);
    for (int j = 0; j < D; j++) {
        x[j] *= -0.5;
        x[j][j] += 1.5;
    }
    FRAME(times, D)(y, x, (ROW *)y);
}

void FRAME(prepare, D)(const void *field, const double *row, int lanes, int lane, double *data)
{
    (void)field; (void)lanes; (void)lane;
    for (int i = 0; i < D; i++) {
        data[i] = row[i];
        for (int part = 0; part < 4; part++) {
            for (int k = 0; k < D; k++) {
                data[8 + (4 * i + part) * PAD + k] = row[D + D * D * (part / 2) + D * i + k];
            }
        }
    }
}

#undef FRAME_
#undef FRAME
#undef ROW
