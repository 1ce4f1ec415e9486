export { conditionsForReader } from './compile.ts'
export { createSegment, segmentFor } from './change-segments.ts'
export { segmentMembers } from './members.ts'
export type { SegmentSource } from './port.ts'
