import '../shared/base.css';
import { TrajectoriesPage } from './page';

customElements.define('ibrl-trajectories', TrajectoriesPage);
document.body.append(document.createElement('ibrl-trajectories'));
