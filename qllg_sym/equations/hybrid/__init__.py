"""The hybrid law: density matrices of clusters of sites among classical unit moments.

Here may live the law, the mean-field energy that couples its parts, and its equations in coordinates. What moves is
said by the residuals of q-LLG and LLG, which are not written a second time.
"""
