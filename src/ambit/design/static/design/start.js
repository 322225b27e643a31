// Switches on the small behaviours of nhsuk-frontend. Every page works without this file.
import { initAll } from './vendor/nhsuk-frontend.min.js'

document.body.classList.add('js-enabled', 'nhsuk-frontend-supported')
initAll()
