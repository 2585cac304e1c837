/* A generated kernel as right-hand side: its two functions, for one state and for states in columns. */

typedef struct {
    void (*single)(double t, const double *y, const double *p, double *dy);
    void (*batch)(size_t m, double t, const double *y, const double *p, size_t p_stride, double *dy);
    int64_t size, width, timed;      /* states, parameters, whether time enters */
} kernel_field;

void kernel_prepare(const void *field, const double *row, int lanes, int lane, double *data)
{
    const kernel_field *f = field;
    for (int64_t i = 0; i < f->width; i++) {
        data[i * lanes + lane] = row[i];
    }
}

void kernel_slope_1(const void *field, const double *t, double *data, const double *y, double *dy)
{
    const kernel_field *f = field;
    f->single(t[0], y, data, dy);
}

/* Lanes have times of their own: where time enters, they are taken one by one. */
void kernel_slope_8(const void *field, const double *t, double *data, const double *y, double *dy)
{
    const kernel_field *f = field;
    if (!f->timed) {
        f->batch(8, t[0], y, data, 1, dy);
        return;
    }
    double *state = data + 8 * f->width, *p = state + f->size, *slope = p + f->width;
    for (int l = 0; l < 8; l++) {
        for (int64_t i = 0; i < f->size; i++) {
            state[i] = y[8 * i + l];
        }
        for (int64_t i = 0; i < f->width; i++) {
            p[i] = data[8 * i + l];
        }
        f->single(t[l], state, p, slope);
        for (int64_t i = 0; i < f->size; i++) {
            dy[8 * i + l] = slope[i];
        }
    }
}
