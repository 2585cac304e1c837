"""What is done in chunks: by threads, processes or a cluster, with files of what is done, and bits that are the same.

Who asks for it says what its chunks are (`chunked`), by a rule that looks at nothing but what is computed; an executor
is a file of `executors` that has chunks done; a checkpoint keeps them as files, told from others by a fingerprint.

Here may live what hands on and keeps chunks. What is in them is not known.
"""
