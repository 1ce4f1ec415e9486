import type { ModuleDefinition } from '../../core/modules.ts'
import { departmentRoutes } from './department-routes.ts'
import { dictionaryUses } from './dictionary-uses.ts'
import { ledDepartments } from './hand-over.ts'
import { importRoutes } from './import/routes.ts'
import { reachableStaff } from './scope.ts'
import { staffRoutes } from './staff-routes.ts'

const definition: ModuleDefinition = {
  name: 'organisation',
  after: ['audit', 'settings', 'identity'],
  routes: [...departmentRoutes, ...staffRoutes, ...importRoutes],
  hooks: { 'staff.leaving': ledDepartments, 'dictionary.uses': dictionaryUses, 'staff.reach': reachableStaff },
}
export default definition
