/* The action on kets of a sparse matrix that concerns few sites, of any spins. */

#include <stdint.h>

/* out += matrix v. `bases` are the places of the settings of the other sites to the left, `length` the number of
   neighbouring amplitudes (kets and sites to the right); all places count amplitudes. An item is a base and a chunk of
   neighbours: begin..end of them are done. */
void qllg_cluster_add(const int64_t *start, const int64_t *column, const double *entry, int64_t rows,
                      const int64_t *places, const int64_t *bases, int64_t length, int64_t chunk, const double *v,
                      double *out, int64_t begin, int64_t end) {
    int64_t chunks = (length + chunk - 1) / chunk;
    for (int64_t item = begin; item < end; item++) {
        int64_t base = bases[item / chunks] + item % chunks * chunk;
        int64_t left = length - item % chunks * chunk, count = left < chunk ? left : chunk;
        for (int64_t row = 0; row < rows; row++) {
            double *restrict y = out + 2 * (base + places[row]);
            for (int64_t e = start[row]; e < start[row + 1]; e++) {
                const double *restrict x = v + 2 * (base + places[column[e]]);
                double re = entry[2 * e], im = entry[2 * e + 1];
                if (im == 0.0)
                    for (int64_t k = 0; k < 2 * count; k++)
                        y[k] += re * x[k];
                else
                    for (int64_t k = 0; k < count; k++) {
                        y[2 * k] = y[2 * k] + re * x[2 * k] - im * x[2 * k + 1];
                        y[2 * k + 1] = y[2 * k + 1] + re * x[2 * k + 1] + im * x[2 * k];
                    }
            }
        }
    }
}
