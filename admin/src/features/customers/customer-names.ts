interface Named {
  name: string | null
  remarkName: string | null
  tail: string
}
/** The remark name stands before the platform's; nobody is left without a name. */
export const shownName = (customer: Named, fallback: (named: { name: string | null; tail: string }) => string): string =>
  customer.remarkName ?? fallback(customer)
