export { draftArticle, draftOf, type NewDraft } from './draft-article.ts'
export type { ArticleDraftRow } from './model.ts'
export { showDraft } from './queries.ts'
