type Step = () => Promise<void> | void

/** What has been started, so that it can be ended in the opposite order. */
export class Cleanup {
  private readonly steps: Step[] = []

  add(step: Step): void {
    this.steps.push(step)
  }

  /** Ends everything, newest first; a step that fails does not keep the others from running. */
  async run(onFailure: (error: unknown) => void): Promise<void> {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      try {
        await step()
      } catch (error) {
        onFailure(error)
      }
    }
  }

  /** Begins every remaining step, so that its signal is sent, and waits for none: for the impatient second Ctrl-C. */
  begin(): void {
    for (const step of this.steps.splice(0).reverse()) void startQuietly(step)
  }
}

async function startQuietly(step: Step): Promise<void> {
  try {
    await step()
  } catch {
    // the process exits at once; nobody is left to be told
  }
}
