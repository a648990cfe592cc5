import '../shared/base.css';
import { DashboardPage } from './page';

customElements.define('ibrl-dashboard', DashboardPage);
document.body.append(document.createElement('ibrl-dashboard'));
