// The components of Element Plus that are used, with their styles; nothing else of it goes into the bundle.

import 'element-plus/es/components/base/style/css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import 'element-plus/es/components/button/style/css'
import 'element-plus/es/components/dialog/style/css'
import 'element-plus/es/components/drawer/style/css'
import 'element-plus/es/components/message/style/css'
import 'element-plus/es/components/pagination/style/css'
import 'element-plus/es/components/skeleton/style/css'
import 'element-plus/es/components/skeleton-item/style/css'

export {
  ElButton,
  ElConfigProvider,
  ElDialog,
  ElDrawer,
  ElMessage,
  ElPagination,
  ElSkeleton,
} from 'element-plus'
